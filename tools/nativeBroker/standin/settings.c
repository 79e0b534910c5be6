#include "standin.h"

// Names and values: what the test set, what was told, how often something was called. Text stays for good: tests are short.
typedef struct Entry { char *name, *value; int amount; struct Entry *next; } Entry;
static Entry *settings, *facts, *counts;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static Entry *entry(Entry **list, const char *name) {
  for (Entry *e = *list; e; e = e->next)
    if (!strcmp(e->name, name)) return e;
  Entry *made = calloc(1, sizeof *made);
  made->name = copy(name);
  made->next = *list;
  return *list = made;
}
static const char *valueOf(Entry **list, const char *name) {
  pthread_mutex_lock(&mutex);
  const char *value = entry(list, name)->value;
  pthread_mutex_unlock(&mutex);
  return value;
}
static void store(Entry **list, const char *name, const char *value) {
  pthread_mutex_lock(&mutex);
  entry(list, name)->value = value ? copy(value) : NULL;
  pthread_mutex_unlock(&mutex);
}

const char *setting(const char *name, const char *otherwise) {
  const char *value = valueOf(&settings, name);
  return value ? value : otherwise;
}
int settingIs(const char *name, const char *value) { return !strcmp(setting(name, ""), value); }
void told(const char *name, const char *value) { store(&facts, name, value); }
void counted(const char *name) {
  pthread_mutex_lock(&mutex);
  entry(&counts, name)->amount++;
  pthread_mutex_unlock(&mutex);
}

void STANDIN_Set(const char *name, const char *value) {
  store(&settings, name, value);
  settingChanged(name, value);
}
const char *STANDIN_Told(const char *name) { return valueOf(&facts, name); }
int32_t STANDIN_Count(const char *name) {
  pthread_mutex_lock(&mutex);
  int32_t amount = entry(&counts, name)->amount;
  pthread_mutex_unlock(&mutex);
  return amount;
}
void STANDIN_ForgetSettings(void) {
  pthread_mutex_lock(&mutex);
  for (Entry *e = settings; e; e = e->next) settingChanged(e->name, e->value = NULL);
  for (Entry *e = facts; e; e = e->next) e->value = NULL;
  for (Entry *e = counts; e; e = e->next) e->amount = 0;
  pthread_mutex_unlock(&mutex);
}
