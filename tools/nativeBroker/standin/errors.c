#include "standin.h"

Error *makeError(int32_t status, const char *context) {
  Error *error = calloc(1, sizeof *error);
  *error = (Error){.status = status, .context = copy(context)};
  error->tag = atoi(setting("tag", "525678464"));
  error->code = atoll(setting("errorCode", "-895156209"));
  return error;
}
E failure(int32_t status, const char *context) { return give(ERROR, makeError(status, context)); }
E invalid(void) { return failure(6, "Invalid handle"); }

int32_t MSALRUNTIME_ReleaseError(E handle) { return handle && !drop(ERROR, handle); }
#define NUMBER(name, type, field)                      \
  E MSALRUNTIME_##name(E handle, type *value) {        \
    Error *error = use(ERROR, handle);                 \
    if (!error) return invalid();                      \
    *value = error->field;                             \
    return NULL;                                       \
  }
NUMBER(GetStatus, int32_t, status)
NUMBER(GetTag, int32_t, tag)
NUMBER(GetErrorCode, int64_t, code)
E MSALRUNTIME_GetContext(E handle, os_char *buffer, int32_t *size) {
  Error *error = use(ERROR, handle);
  return error ? out(error->context, buffer, size) : invalid();
}
