// Dispatch only: one file per command does the work.
int main() { return 2; }
