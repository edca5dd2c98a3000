"""The admin API: for operators, and the console that speaks for them."""
