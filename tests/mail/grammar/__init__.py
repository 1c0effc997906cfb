"""Booking mails written from the grammar that marketplaces and mail clients speak.

Independent of the reader: nothing here imports `bot`, and what a mail is expected to say is made
from the booking and the wrapping. The golden mails and the property tests are both written by it.
"""
