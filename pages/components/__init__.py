"""What pages share, and the only other place that knows Streamlit."""
