#include "standin.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int pending, released, pumped, events, dispatched, started;
static void (*logger)(const os_char *, int32_t, void *);
static void *loggerData;

typedef struct { Kind kind; Outcome *outcome; Done done; void *data; int twice, again, onPump, onEvent, onRelease, cancelled; } Operation;

static void waitUntilDue(Operation *o) {
  pthread_mutex_lock(&mutex);
  while (!o->cancelled && (released < o->onRelease || pumped < o->onPump || dispatched < o->onEvent))
    pthread_cond_wait(&changed, &mutex);
  pthread_mutex_unlock(&mutex);
  if (o->cancelled) o->outcome = outcome(8, "cancelled", NULL, o->outcome->parameters);
}
static void *work(void *given) {
  Operation *o = given;
  waitUntilDue(o);
  logged(3, "an operation ends");
  Handle *result = give(o->kind, o->outcome);
  o->done(result, o->data);
  if (o->twice) o->done(give(o->kind, o->outcome), o->data);
  if (o->again) o->done(result, o->data);
  pthread_mutex_lock(&mutex);
  pending--;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
  return NULL;
}

Outcome *outcome(int32_t status, const char *context, Account *account, Parameters *parameters) {
  Outcome *made = calloc(1, sizeof *made);
  *made = (Outcome){.status = status, .context = copy(context), .account = account, .parameters = parameters};
  return made;
}

// The setting "callback" says how it ends: at once on another thread, or twice, again (twice with the same result), never, inline, late (until STANDIN_Release), when a
// run loop was run on the main thread a few times (pump), or when the operation's window got its event (window). "refuse" is a
// status with which the call itself fails; "status" ends operations that give a token, "otherStatus" the others.
E start(const char *name, Kind kind, Outcome *o, const os_char *correlationId, Done done, void *data, Handle **async) {
  counted(name);
  told("operation", name);
  told("correlationId", in(correlationId));
  if (started <= 0) misused("an operation before Startup or after Shutdown");
  const char *refused = setting("refuse", NULL), *status = setting("status", NULL);
  if (refused) return failure(atoi(refused), setting("context", "refused"));
  if (!done || !async) return failure(6, "Invalid Argument");
  if (kind != RESULT) status = setting("otherStatus", NULL);
  if (status) o = outcome(atoi(status), setting("context", "refused"), NULL, o->parameters);
  Operation *made = calloc(1, sizeof *made);
  *made = (Operation){.kind = kind, .outcome = o, .done = done, .data = data};
  const char *how = setting("callback", "");
  made->twice = !strcmp(how, "twice");
  made->again = !strcmp(how, "again");
  made->onRelease = !strcmp(how, "late") ? released + 1 : 0;
  made->onPump = !strcmp(how, "pump") ? pumped + 3 : 0;
  if (!strcmp(how, "window") && strstr(name, "Interactively")) made->onEvent = dispatched + ++events;
  keep(ASYNC, made, async);
  if (!strcmp(how, "never")) return NULL;
  pthread_mutex_lock(&mutex);
  pending++;
  pthread_mutex_unlock(&mutex);
  if (!strcmp(how, "inline")) return work(made), NULL;
  pthread_t thread;
  pthread_create(&thread, NULL, work, made);
  pthread_detach(thread);
  return NULL;
}
void pump(void) {
  pthread_mutex_lock(&mutex);
  pumped++;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
}
int takeEvent(void) {
  pthread_mutex_lock(&mutex);
  int there = events > 0;
  events -= there;
  pthread_mutex_unlock(&mutex);
  return there;
}
void dispatchEvent(void) {
  pthread_mutex_lock(&mutex);
  dispatched++;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
}
void STANDIN_Release(void) {
  pthread_mutex_lock(&mutex);
  released++;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
}
int32_t STANDIN_Pending(void) { return pending; }
int32_t STANDIN_Started(void) { return started; }

// What waits in the real library for a callback, which needs the main thread, is told and not done.
static int blocks(const char *name) {
  counted(name);
  if (!onMainThread()) return 0;
  misused(format("%s on the main thread", name));
  return pending > 0;
}
E MSALRUNTIME_CancelAsyncOperation(Handle *handle) {
  blocks("CancelAsyncOperation");
  Operation *o = use(ASYNC, handle);
  if (!o) return invalid();
  if (settingIs("cancel", "ignored")) return NULL;
  pthread_mutex_lock(&mutex);
  o->cancelled = 1;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
  return NULL;
}
E MSALRUNTIME_ReleaseAsyncHandle(Handle *handle) { return drop(ASYNC, handle); }
E MSALRUNTIME_Startup(void) {
  blocks("Startup");
  started++;  // a failed one counts, too
  const char *status = setting("startup", NULL);
  return status ? failure(atoi(status), setting("context", "Broker cannot be initialized for MSALRuntime")) : NULL;
}
void MSALRUNTIME_Shutdown(void) {
  if (blocks("Shutdown")) return;
  pthread_mutex_lock(&mutex);
  while (pending > 0) pthread_cond_wait(&changed, &mutex);
  if (--started < 0) misused("Shutdown without Startup");
  pthread_mutex_unlock(&mutex);
}
void MSALRUNTIME_SetIsPiiEnabled(int32_t on) { told("pii", on == 1 ? "1" : "0"); }
E MSALRUNTIME_GetSsoPolicy(int32_t *policy) { return *policy = 2, NULL; }

E MSALRUNTIME_RegisterLogCallback(void (*callback)(const os_char *, int32_t, void *), void *data, Handle **handle) {
  if (!callback) return failure(6, "Invalid Argument");
  loggerData = data;
  logger = callback;
  keep(LOG, NULL, handle);
  return NULL;
}
E MSALRUNTIME_ReleaseLogCallbackHandle(Handle *handle) {
  blocks("ReleaseLogCallbackHandle");
  logger = NULL;
  return drop(LOG, handle);
}
void logged(int32_t level, const char *text) {
  if (!logger) return;
  int32_t size = strlen(text) + 1;
  os_char *buffer = calloc(sizeof *buffer, size);
  out(text, buffer, &size);
  logger(buffer, level, loggerData);
  free(buffer);
}
