"""What stands in rows between items, by language: section titles, discounts, parts, charges."""

from data.synthesis.wording import gathered, gathered_kinds

SECTIONS = gathered(lambda language: language.sections)
DISCOUNTS = gathered(lambda language: language.row_discounts)
NET = gathered(lambda language: language.row_nets)
PARTS = gathered(lambda language: language.parts)
CHARGES = gathered(lambda language: language.charges)
HEAD_GROUPS = gathered_kinds(lambda language: language.head_groups)
