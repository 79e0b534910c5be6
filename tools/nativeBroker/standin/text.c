#include "standin.h"
#include <stdarg.h>

char *copy(const char *text) { return strdup(text ? text : ""); }

char *format(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *made = NULL;
  if (vasprintf(&made, format, arguments) < 0) abort();
  va_end(arguments);
  return made;
}

char *base64url(const char *text) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  size_t length = strlen(text), n = 0;
  char *made = calloc(1, length * 4 / 3 + 4);
  uint32_t bits = 0;
  int held = 0;
  for (size_t i = 0; i < length; i++) {
    bits = bits << 8 | (uint8_t)text[i];
    for (held += 8; held >= 6; held -= 6) made[n++] = digits[bits >> (held - 6) & 63];
  }
  if (held) made[n++] = digits[bits << (6 - held) & 63];
  return made;
}

#ifdef WIDE
char *in(const os_char *text) {
  size_t n = 0, length = 0;
  while (text && text[length]) length++;
  char *made = calloc(3, length + 1);
  for (size_t i = 0; i < length; i++) {
    uint32_t c = text[i];
    if (c >= 0xd800 && c < 0xdc00) c = 0x10000 + ((c & 0x3ff) << 10) + (text[++i] & 0x3ff);
    if (c < 0x80) made[n++] = c;
    else if (c < 0x800) made[n++] = 0xc0 | c >> 6, made[n++] = 0x80 | (c & 63);
    else if (c < 0x10000) made[n++] = 0xe0 | c >> 12, made[n++] = 0x80 | (c >> 6 & 63), made[n++] = 0x80 | (c & 63);
    else {
      made[n++] = 0xf0 | c >> 18, made[n++] = 0x80 | (c >> 12 & 63);
      made[n++] = 0x80 | (c >> 6 & 63), made[n++] = 0x80 | (c & 63);
    }
  }
  return made;
}

static os_char *encode(const char *text, int32_t *length) {
  os_char *made = calloc(2, strlen(text) + 1);
  int32_t n = 0;
  for (const uint8_t *t = (const uint8_t *)text; *t;) {
    int more = *t < 0x80 ? 0 : *t < 0xe0 ? 1 : *t < 0xf0 ? 2 : 3;
    uint32_t c = more ? *t & (0x3f >> more) : *t;
    for (t++; more--; t++) c = c << 6 | (*t & 63);
    if (c < 0x10000) made[n++] = c;
    else made[n++] = 0xd7c0 + (c >> 10), made[n++] = 0xdc00 | (c & 0x3ff);
  }
  *length = n;
  return made;
}
#else
char *in(const os_char *text) { return copy(text); }
static os_char *encode(const char *text, int32_t *length) {
  *length = strlen(text);
  return strdup(text);
}
#endif

// The size is in characters and counts the end; what is absent has none.
E out(const char *text, os_char *buffer, int32_t *size) {
  if (!size) return failure(6, "Invalid Argument");
  if (!text) {
    *size = 0;
    return NULL;
  }
  int32_t length, given = *size;
  os_char *encoded = encode(text, &length);
  *size = length + 1;
  E error = given < *size ? failure(10, "Insufficient buffer") : NULL;
  if (!error) memcpy(buffer, encoded, *size * sizeof *encoded);
  free(encoded);
  return error;
}
