// MSALRuntime's functions, done in memory: for what the real library cannot be made to do, and for the systems that are not here.
// Built as for Windows (-DWIDE) its text is UTF-16 and a window is a pointer. A test steers it by the STANDIN_ functions.
#pragma once
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef WIDE
typedef uint16_t os_char;
typedef void *window_t;
#else
typedef char os_char;
typedef int64_t window_t;
#endif

typedef enum { PARAMETERS, RESULT, READ, DISCOVERED, SIGNED_OUT, ACCOUNT, ERROR, ASYNC, LOG, KINDS } Kind;
typedef struct Handle { uint32_t magic; Kind kind; int live; void *data; struct Handle *next; } Handle;
typedef Handle *E;  // an error, or nothing

// handles.c: what was given out, so that what is not given back, or twice, or as something else, is seen
extern pthread_mutex_t lock;
Handle *give(Kind kind, void *data);
Handle *keep(Kind kind, void *data, Handle **out);
void *use(Kind kind, Handle *handle);  // nothing where it is no live handle of this kind
E drop(Kind kind, Handle *handle);
void misused(const char *what);
int onMainThread(void);

// text.c: inside all text is UTF-8
char *in(const os_char *text);
E out(const char *text, os_char *buffer, int32_t *size);
char *copy(const char *text);
char *format(const char *format, ...);
char *base64url(const char *text);

// settings.c: what the test set, and what the library was last told
const char *setting(const char *name, const char *otherwise);
int settingIs(const char *name, const char *value);
void told(const char *name, const char *value);
void counted(const char *name);

// errors.c
typedef struct { int32_t status, tag; int64_t code; char *context; } Error;
E failure(int32_t status, const char *context);
Error *makeError(int32_t status, const char *context);
E invalid(void);

// parameters.c
#define EXTRAS 32
typedef struct {
  char *clientId, *authority, *scopes, *redirectUri, *claims, *renew, *pop[4];
  char *extra[EXTRAS][2];
  int extras;
} Parameters;
const char *extra(const Parameters *p, const char *name);

// accounts.c
typedef struct Account { char *username, *localId, *realm; int signedOut; struct Account *next; } Account;
Account *firstAccount(void);
Account *accountOf(const char *username, const char *localId);
Account *addAccount(const char *username, const char *localId, const char *realm);

// operations.c
typedef void (*Done)(Handle *result, void *data);
typedef struct { int32_t status; char *context; Account *account; Parameters *parameters; int pop; } Outcome;
Outcome *outcome(int32_t status, const char *context, Account *account, Parameters *parameters);
E start(const char *name, Kind kind, Outcome *outcome, const os_char *correlationId, Done done, void *data, Handle **async);
void logged(int32_t level, const char *text);
void pump(void);
int takeEvent(void);
void dispatchEvent(void);

// system.c
void settingChanged(const char *name, const char *value);
