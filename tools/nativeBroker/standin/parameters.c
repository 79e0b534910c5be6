#include "standin.h"

const char *extra(const Parameters *p, const char *name) {
  for (int i = p->extras; i--;)
    if (!strcmp(p->extra[i][0], name)) return p->extra[i][1];
  return NULL;
}

E MSALRUNTIME_CreateAuthParameters(const os_char *clientId, const os_char *authority, Handle **handle) {
  Parameters *p = calloc(1, sizeof *p);
  p->clientId = in(clientId);
  p->authority = in(authority);
  told("clientId", p->clientId);
  told("authority", p->authority);
  keep(PARAMETERS, p, handle);
  return NULL;
}
E MSALRUNTIME_ReleaseAuthParameters(Handle *handle) { return drop(PARAMETERS, handle); }

#define TEXT(function, field)                                          \
  E MSALRUNTIME_##function(Handle *handle, const os_char *value) {     \
    Parameters *p = use(PARAMETERS, handle);                           \
    if (!p) return invalid();                                          \
    told(#field, p->field = in(value));                                \
    return NULL;                                                       \
  }
TEXT(SetRequestedScopes, scopes)
TEXT(SetRedirectUri, redirectUri)
TEXT(SetDecodedClaims, claims)
TEXT(SetAccessTokenToRenew, renew)

E MSALRUNTIME_SetPopParams(Handle *handle, const os_char *method, const os_char *host, const os_char *path, const os_char *nonce) {
  Parameters *p = use(PARAMETERS, handle);
  if (!p) return invalid();
  const os_char *given[] = {method, host, path, nonce};
  for (int i = 0; i < 4; i++) p->pop[i] = in(given[i]);
  told("pop", format("%s %s %s %s", p->pop[0], p->pop[1], p->pop[2], p->pop[3]));
  return NULL;
}
E MSALRUNTIME_SetAdditionalParameter(Handle *handle, const os_char *name, const os_char *value) {
  Parameters *p = use(PARAMETERS, handle);
  if (!p) return invalid();
  if (p->extras == EXTRAS) return failure(6, "Too many parameters");
  char **pair = p->extra[p->extras++];
  pair[0] = in(name);
  pair[1] = in(value);
  told(format("extra %s", pair[0]), pair[1]);
  return NULL;
}
