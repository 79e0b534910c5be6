#include "standin.h"

static Outcome *tokens(Account *account, Parameters *p) {
  Outcome *o = outcome(-1, "", account, p);
  o->pop = p->pop[0] != NULL;
  return o;
}
static Outcome *silently(Account *account, Parameters *p) {
  const char *username = extra(p, "MSALRuntime_Username");
  if (username) {
    Account *named = accountOf(username, NULL);
    const char *password = extra(p, "MSALRuntime_Password");
    if (!named || !password || strcmp(password, setting("password", ""))) return outcome(2, "AADSTS50126", NULL, p);
    return tokens(named, p);
  }
  if (!account) return outcome(2, "Default account could not be found", NULL, p);
  if (account->signedOut) return outcome(13, "Account has previously been signed out of this application.", NULL, p);
  return tokens(account, p);
}
static Outcome *withWindow(Account *account, Parameters *p, const char *hint) {
  if (!account && *hint) account = accountOf(hint, NULL);
  if (!account) account = firstAccount();
  if (!account) account = addAccount(*hint ? hint : "new@fabrikam.example", "00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b");
  account->signedOut = 0;
  return tokens(account, p);
}
static E checkWindow(window_t window) {
  told("window", format("%lld", (long long)(intptr_t)window));
  return window ? NULL : failure(6, "Invalid window handle");
}
#define PARAMETERS_OF(handle) Parameters *p = use(PARAMETERS, handle); if (!p) return invalid()

E MSALRUNTIME_SignInSilentlyAsync(Handle *parameters, const os_char *id, Done done, void *data, Handle **async) {
  PARAMETERS_OF(parameters);
  return start("SignInSilently", RESULT, silently(firstAccount(), p), id, done, data, async);
}
E MSALRUNTIME_AcquireTokenSilentlyAsync(Handle *parameters, const os_char *id, Handle *account, Done done, void *data, Handle **async) {
  PARAMETERS_OF(parameters);
  Account *a = use(ACCOUNT, account);
  if (!a) return invalid();
  return start("AcquireTokenSilently", RESULT, silently(a, p), id, done, data, async);
}
E MSALRUNTIME_SignInInteractivelyAsync(window_t window, Handle *parameters, const os_char *id, const os_char *hint, Done done, void *data, Handle **async) {
  PARAMETERS_OF(parameters);
  E error = checkWindow(window);
  if (error) return error;
  char *name = in(hint);
  told("hint", name);
  return start("SignInInteractively", RESULT, withWindow(NULL, p, name), id, done, data, async);
}
E MSALRUNTIME_AcquireTokenInteractivelyAsync(window_t window, Handle *parameters, const os_char *id, Handle *account, Done done, void *data, Handle **async) {
  PARAMETERS_OF(parameters);
  E error = checkWindow(window);
  if (error) return error;
  Account *a = use(ACCOUNT, account);
  if (!a) return invalid();
  return start("AcquireTokenInteractively", RESULT, withWindow(a, p, ""), id, done, data, async);
}
E MSALRUNTIME_SignInAsync(window_t window, Handle *parameters, const os_char *id, const os_char *hint, Done done, void *data, Handle **async) {
  PARAMETERS_OF(parameters);
  E error = checkWindow(window);
  if (error) return error;
  Outcome *o = silently(firstAccount(), p);
  char *name = in(hint);
  told("hint", name);
  return start("SignIn", RESULT, o->status < 0 ? o : withWindow(NULL, p, name), id, done, data, async);
}
E MSALRUNTIME_ReadAccountByIdAsync(const os_char *accountId, const os_char *id, Done done, void *data, Handle **async) {
  char *wanted = in(accountId);
  told("accountId", wanted);
  Account *found = accountOf(NULL, wanted);
  Outcome *o = found ? outcome(-1, "", found, NULL) : outcome(16, "Account with id '(pii)' not found", NULL, NULL);
  return start("ReadAccountById", READ, o, id, done, data, async);
}
E MSALRUNTIME_DiscoverAccountsAsync(const os_char *clientId, const os_char *id, Done done, void *data, Handle **async) {
  told("clientId", in(clientId));
  return start("DiscoverAccounts", DISCOVERED, outcome(-1, "", firstAccount(), NULL), id, done, data, async);
}
E MSALRUNTIME_SignOutSilentlyAsync(const os_char *clientId, const os_char *id, Handle *account, Done done, void *data, Handle **async) {
  told("clientId", in(clientId));
  Account *a = use(ACCOUNT, account);
  if (!a) return invalid();
  a->signedOut = 1;
  return start("SignOutSilently", SIGNED_OUT, outcome(-1, "", a, NULL), id, done, data, async);
}
