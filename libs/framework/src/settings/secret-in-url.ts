const urlWithPassword = /^[a-z][a-z0-9+.-]*:\/\/[^/@?#]*:[^/@?#]*@|[?&](password|sslpassword)=/i;

/** True for a URL with a password in it that is not taken from the environment. */
export function holdsPassword(url: string): boolean {
  return urlWithPassword.test(url);
}
