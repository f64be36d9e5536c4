"""What the pages share; no other package but the pages imports Streamlit."""
