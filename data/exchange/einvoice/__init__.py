"""The XML inside an electronic invoice, and its comparison with the printed pages."""
