#include "standin.h"

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Handle *all;
static int live[KINDS], misuses;
static char *lastMisuse;

int onMainThread(void) { return syscall(SYS_gettid) == getpid(); }

void misused(const char *what) {
  misuses++;
  free(lastMisuse);
  lastMisuse = copy(what);
}

Handle *give(Kind kind, void *data) {
  pthread_mutex_lock(&lock);
  Handle *handle = calloc(1, sizeof *handle);
  *handle = (Handle){.magic = 0xC0DE0000u + kind, .kind = kind, .live = 1, .data = data, .next = all};
  all = handle;
  live[kind]++;
  pthread_mutex_unlock(&lock);
  return handle;
}

Handle *keep(Kind kind, void *data, Handle **out) { return *out = give(kind, data); }

// A handle's memory stays, so that a second use is seen and does not crash.
static Handle *find(Kind kind, Handle *handle, const char *what) {
  for (Handle *h = all; h; h = h->next)
    if (h == handle) {
      if (h->kind == kind && h->live) return h;
      break;
    }
  char *text = format("%s of a handle of kind %d that is not there", what, kind);
  misused(text);
  free(text);
  return NULL;
}

void *use(Kind kind, Handle *handle) {
  pthread_mutex_lock(&lock);
  Handle *found = find(kind, handle, "use");
  pthread_mutex_unlock(&lock);
  return found ? found->data : NULL;
}

E drop(Kind kind, Handle *handle) {
  pthread_mutex_lock(&lock);
  Handle *found = find(kind, handle, "release");
  if (found) {
    found->live = 0;
    live[kind]--;
  }
  pthread_mutex_unlock(&lock);
  return found ? NULL : invalid();
}

int32_t STANDIN_Live(int32_t kind) {
  if (kind >= 0) return live[kind];
  int32_t sum = 0;
  for (int i = 0; i < KINDS; i++) sum += live[i];
  return sum;
}
int32_t STANDIN_Misuses(void) { return misuses; }
const char *STANDIN_LastMisuse(void) { return lastMisuse; }
void STANDIN_ForgetMisuses(void) { misuses = 0; }
