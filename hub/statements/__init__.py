"""What somebody says happened to them, question by question, in their own words, with photos and voice."""
