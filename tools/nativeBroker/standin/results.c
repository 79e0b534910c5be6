#include "standin.h"
#include <time.h>

#define RELEASE(name, kind) E MSALRUNTIME_##name(Handle *handle) { return drop(kind, handle); }
RELEASE(ReleaseAuthResult, RESULT)
RELEASE(ReleaseReadAccountResult, READ)
RELEASE(ReleaseDiscoverAccountsResult, DISCOVERED)
RELEASE(ReleaseSignOutResult, SIGNED_OUT)

#define FAILURE(name, kind)                                                                  \
  E MSALRUNTIME_##name(Handle *handle, Handle **error) {                                     \
    Outcome *o = use(kind, handle);                                                          \
    if (!o) return invalid();                                                                \
    *error = o->status < 0 ? NULL : failure(o->status, o->context);                          \
    return NULL;                                                                             \
  }
FAILURE(GetError, RESULT)
FAILURE(GetReadAccountError, READ)
FAILURE(GetDiscoverAccountsError, DISCOVERED)
FAILURE(GetSignOutError, SIGNED_OUT)

E MSALRUNTIME_GetAccount(Handle *handle, Handle **account) {
  Outcome *o = use(RESULT, handle);
  if (!o) return invalid();
  *account = o->account ? give(ACCOUNT, o->account) : NULL;
  return NULL;
}
E MSALRUNTIME_GetReadAccount(Handle *handle, Handle **account) {
  Outcome *o = use(READ, handle);
  if (!o) return invalid();
  if (o->status >= 0) return failure(o->status, o->context);
  keep(ACCOUNT, o->account, account);
  return NULL;
}
E MSALRUNTIME_GetDiscoverAccountsAt(Handle *handle, int32_t index, Handle **account) {
  Outcome *o = use(DISCOVERED, handle);
  if (!o) return invalid();
  Account *a = o->account;
  while (a && index-- > 0) a = a->next;
  *account = a ? give(ACCOUNT, a) : NULL;
  return NULL;
}

static const char *accessToken(Outcome *o) { return o->status < 0 ? setting("accessToken", "an access token") : NULL; }
static char *claims(Outcome *o) {
  if (o->status >= 0) return NULL;
  const Account *a = o->account;
  long now = time(NULL);
  const char *who = "\"oid\":\"%s\",\"tid\":\"%s\",\"sub\":\"subject\",\"name\":\"Zo\xc3\xab\",\"preferred_username\":\"%s\"";
  return format("{\"aud\":\"%s\",\"iss\":\"https://login.microsoftonline.com/%s/v2.0\",\"iat\":%ld,\"exp\":%ld,%s}",
                o->parameters->clientId, a->realm, now, now + 3600, format(who, a->localId, a->realm, a->username));
}
static char *token(Outcome *o) {
  char *payload = claims(o);
  return payload ? format("%s.%s.", base64url("{\"alg\":\"none\"}"), base64url(payload)) : NULL;
}
#define FIELD(name, kind, value)                                                \
  E MSALRUNTIME_##name(Handle *handle, os_char *buffer, int32_t *size) {        \
    Outcome *o = use(kind, handle);                                             \
    if (!o) return invalid();                                                   \
    return out(value, buffer, size);                                            \
  }
FIELD(GetAccessToken, RESULT, accessToken(o))
FIELD(GetIdToken, RESULT, claims(o))
FIELD(GetRawIdToken, RESULT, token(o))
FIELD(GetGrantedScopes, RESULT, o->status < 0 ? setting("grantedScopes", o->parameters->scopes) : NULL)
FIELD(GetAuthorizationHeader, RESULT, o->pop ? format("pop %s", accessToken(o)) : NULL)
FIELD(GetTelemetryData, RESULT, setting("telemetry", "{\"api_name\":\"standin\",\"broker_app_used\":\"true\"}"))
FIELD(GetReadAccountTelemetryData, READ, "{}")
FIELD(GetDiscoverAccountsTelemetryData, DISCOVERED, "{}")
FIELD(GetSignOutTelemetryData, SIGNED_OUT, "{}")

E MSALRUNTIME_IsPopAuthorization(Handle *handle, int32_t *is) {
  Outcome *o = use(RESULT, handle);
  if (!o) return invalid();
  return *is = o->pop, NULL;
}
E MSALRUNTIME_GetExpiresOn(Handle *handle, int64_t *seconds) {
  Outcome *o = use(RESULT, handle);
  if (!o) return invalid();
  const char *set = setting("expiresOn", NULL);
  *seconds = set ? atoll(set) : time(NULL) + 3600;
  return NULL;
}
