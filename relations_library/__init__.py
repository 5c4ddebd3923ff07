"""The knowledge: equations of the field as relations, one file per topic, and the pipelines made of them."""
