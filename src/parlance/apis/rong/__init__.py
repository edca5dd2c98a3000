"""The rong dialect: groups with numbers behind `/api/im/`, as Django REST framework would serve them."""
