"""The counter that speaks HL7 FHIR R4: choices as Consent, by class for platforms, whole for the patient alone."""
