"""Exports checkpoints in Hugging Face's layout to the model folders of docs/model-layout.md."""
