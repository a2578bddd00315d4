"""A made-up roll of any size: members who do not exist, as an insurer's policy has them in its roll."""
