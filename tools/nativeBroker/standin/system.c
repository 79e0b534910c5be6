#include "standin.h"

// Of MSALRuntime for macOS
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t stopped = PTHREAD_COND_INITIALIZER;
static int running;
void MSALRUNTIME_Runloop_run(void) {
  counted("Runloop_run");
  if (!onMainThread()) return;
  pthread_mutex_lock(&mutex);
  for (running = 1; running;) pthread_cond_wait(&stopped, &mutex);
  pthread_mutex_unlock(&mutex);
}
void MSALRUNTIME_Runloop_stop(void) {
  counted("Runloop_stop");
  pthread_mutex_lock(&mutex);
  running = 0;
  pthread_cond_signal(&stopped);
  pthread_mutex_unlock(&mutex);
}
_Bool MSALRUNTIME_Is_main_thread(void) { return onMainThread(); }

// Of CoreFoundation: a slice of the run loop serves what waits for the main thread.
const void *kCFRunLoopDefaultMode = "kCFRunLoopDefaultMode";
int32_t CFRunLoopRunInMode(const void *mode, double seconds, uint8_t once) {
  counted("CFRunLoopRunInMode");
  if (!onMainThread()) misused("a run loop of another thread");
  if (mode != kCFRunLoopDefaultMode) misused("a run loop in another mode");
  if (seconds > 0.1) misused("a slice of the run loop that holds up the program");
  (void)once;
  pump();
  return 3;  // kCFRunLoopRunTimedOut
}

// Of AppKit and the Objective-C runtime: one application, whose windows wait for an event.
static char application, event;
static int pools;
void *NSApp;
void settingChanged(const char *name, const char *value) {
  if (!strcmp(name, "application")) NSApp = value ? &application : NULL;
}
void *objc_getClass(const char *name) { return copy(name); }
void *sel_registerName(const char *name) { return copy(name); }
void *objc_autoreleasePoolPush(void) { return (void *)(intptr_t)++pools; }
void objc_autoreleasePoolPop(void *pool) {
  if ((intptr_t)pool != pools--) misused("a pool that is not the last one");
}
// Every method is called with its own parameters; what one does not have, it does not read.
void *objc_msgSend(void *self, const char *selector, void *first, void *until, const void *mode, uint8_t dequeue) {
  counted(selector);
  if (pools == 0 && strcmp(selector, "isRunning")) misused("an object without a pool");
  if (!strcmp(selector, "sharedApplication")) {
    if (strcmp(self, "NSApplication")) misused("another class");
    return NSApp = &application;
  }
  if (self != &application) misused("another object");
  if (!strcmp(selector, "isRunning")) return (void *)(intptr_t)settingIs("application", "running");
  if (!strcmp(selector, "sendEvent:")) {
    if (first != &event) misused("another event");
    dispatchEvent();
  }
  if (strncmp(selector, "nextEvent", 9)) return NULL;
  if (first != (void *)-1 || until || mode != kCFRunLoopDefaultMode || dequeue != 1) misused("events of another kind");
  return takeEvent() ? &event : NULL;
}

// Of kernel32 and user32
static void *handleOf(const char *name, const char *otherwise) { return (void *)(intptr_t)atoll(setting(name, otherwise)); }
void *GetConsoleWindow(void) { return handleOf("consoleWindow", "0"); }
void *GetDesktopWindow(void) { return handleOf("desktopWindow", "65552"); }
void *GetAncestor(void *window, uint32_t flags) {
  told("ancestor of", format("%lld %u", (long long)(intptr_t)window, flags));
  return handleOf("ancestor", "0");
}

// Of Xlib
void *XOpenDisplay(const char *name) {
  counted("XOpenDisplay");
  (void)name;
  return settingIs("display", "none") ? NULL : (void *)&mutex;
}
unsigned long XDefaultRootWindow(void *display) { return display == &mutex ? strtoul(setting("rootWindow", "1234"), NULL, 10) : 0; }
int XCloseDisplay(void *display) {
  counted("XCloseDisplay");
  if (display != &mutex) misused("XCloseDisplay of no display");
  return 0;
}
