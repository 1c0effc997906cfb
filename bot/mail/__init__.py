"""From a forwarded mail to a reading: envelope, document, marketplace, normalise, reading.

Mail is hostile: what is capped is capped before it is parsed, and every pattern is linear.
"""
