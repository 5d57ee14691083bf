"""Every page, form, e-mail and command; only web knows HTTP."""
