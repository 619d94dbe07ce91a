"""The trunk: one network whose features serve every head. From ImageNet weights, trained on here."""
