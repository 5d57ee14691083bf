"""Tables that people hand in: opened only if they are safe, read whatever program wrote them."""
