"""The subjects and their dated facts, as the case systems export them."""
