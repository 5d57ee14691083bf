"""How dates and times are read and written: GOV.UK style."""
