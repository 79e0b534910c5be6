#include "standin.h"

static Account *accounts;

Account *firstAccount(void) { return accounts; }
Account *accountOf(const char *username, const char *localId) {
  for (Account *a = accounts; a; a = a->next)
    if ((username && !strcmp(a->username, username)) || (localId && !strcmp(a->localId, localId))) return a;
  return NULL;
}
Account *addAccount(const char *username, const char *localId, const char *realm) {
  Account *made = calloc(1, sizeof *made), **end = &accounts;
  *made = (Account){.username = copy(username), .localId = copy(localId), .realm = copy(realm)};
  while (*end) end = &(*end)->next;
  return *end = made;
}
void STANDIN_AddAccount(const char *username, const char *localId, const char *realm) { addAccount(username, localId, realm); }
void STANDIN_ForgetAccounts(void) { accounts = NULL; }

E MSALRUNTIME_ReleaseAccount(Handle *handle) { return drop(ACCOUNT, handle); }
#define FIELD(name, value)                                                      \
  E MSALRUNTIME_##name(Handle *handle, os_char *buffer, int32_t *size) {        \
    Account *a = use(ACCOUNT, handle);                                          \
    if (!a) return invalid();                                                   \
    return out(value, buffer, size);                                            \
  }
FIELD(GetAccountId, a->localId)
FIELD(GetLocalAccountId, a->localId)
FIELD(GetHomeAccountId, format("%s.%s", a->localId, a->realm))
FIELD(GetEnvironment, setting("environment", "login.microsoftonline.com"))
FIELD(GetHomeEnvironment, "login.microsoftonline.com")
FIELD(GetRealm, a->realm)
FIELD(GetUserName, a->username)
FIELD(GetGivenName, "Zo\xc3\xab")
FIELD(GetFamilyName, "\xc3\x96zt\xc3\xbcrk \xf0\x9f\x98\x80")
FIELD(GetMiddleName, NULL)
FIELD(GetDisplayName, "Zo\xc3\xab \xc3\x96zt\xc3\xbcrk")
FIELD(GetAdditionalFieldsJson, "{}")
FIELD(GetClientInfo, base64url(format("{\"uid\":\"%s\",\"utid\":\"%s\"}", a->localId, a->realm)))
