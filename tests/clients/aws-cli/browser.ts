/* Opens a page and follows where it leads, as `aws sso login` wants of a browser. */
await fetch(process.argv[2] ?? '');
