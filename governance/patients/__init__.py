"""Who the patient is: one record for all linked forum accounts."""
