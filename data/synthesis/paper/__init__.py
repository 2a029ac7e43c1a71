"""From sheets to pictures: fonts, print, pen, wear, and the scanner."""
