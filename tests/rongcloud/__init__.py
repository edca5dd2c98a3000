"""RongCloud, as far as we speak to it: a fake of it, its own SDK against the fake, and our client."""
