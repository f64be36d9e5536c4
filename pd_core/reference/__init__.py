"""The district's lists as people write them: schools, roster, roles, waves; read and checked, not stored."""
