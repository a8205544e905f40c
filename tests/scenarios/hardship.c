/* Preloaded into a daemon under test: memory, threads, names and clocks fail or move as a shared file says.
   HARDSHIP names the file of numbers (hardship_tools.py writes it), HARDSHIP_HOST one with the address that every
   name resolves to. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct numbers {
  _Atomic long allocations;    /* counted since the start */
  _Atomic long allocation_at;  /* the first that fails; 0: none does */
  _Atomic long allocation_for; /* how many fail */
  _Atomic long allocations_failed;
  _Atomic long threads;
  _Atomic long thread_at; /* this one and all later ones fail */
  _Atomic long threads_failed;
  _Atomic long slept; /* nanoseconds by which wall and boot clock are ahead, as after a suspend */
};
static struct numbers none;
static struct numbers* told = &none;

__attribute__((constructor)) static void open_numbers(void) {
  const char* path = getenv("HARDSHIP");
  const int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void* mapped = mmap(NULL, sizeof none, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (mapped != MAP_FAILED) told = mapped;
}

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);

static int refused(void) {
  const long number = ++told->allocations, at = told->allocation_at;
  if (at == 0 || number < at || number >= at + told->allocation_for) return 0;
  ++told->allocations_failed;
  errno = ENOMEM;
  return 1;
}
void* malloc(size_t size) { return refused() ? NULL : __libc_malloc(size); }
void* calloc(size_t count, size_t size) { return refused() ? NULL : __libc_calloc(count, size); }
void* realloc(void* old, size_t size) { return refused() ? NULL : __libc_realloc(old, size); }

int pthread_create(pthread_t* thread, const pthread_attr_t* how, void* (*run)(void*), void* with) {
  int (*real)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) = dlsym(RTLD_NEXT, "pthread_create");
  const long number = ++told->threads;
  if (told->thread_at == 0 || number < told->thread_at) return real(thread, how, run, with);
  ++told->threads_failed;
  return EAGAIN;
}

int getaddrinfo(const char* node, const char* service, const struct addrinfo* hints, struct addrinfo** result) {
  int (*real)(const char*, const char*, const struct addrinfo*, struct addrinfo**) = dlsym(RTLD_NEXT, "getaddrinfo");
  char address[64] = "";
  const char* path = getenv("HARDSHIP_HOST");
  FILE* file = path == NULL ? NULL : fopen(path, "re");
  if (file == NULL) return real(node, service, hints, result);
  const int read = fscanf(file, "%63s", address);
  fclose(file);
  return read == 1 ? real(address, service, hints, result) : EAI_AGAIN;
}

int clock_gettime(clockid_t clock, struct timespec* now) {
  static int (*real)(clockid_t, struct timespec*);
  if (real == NULL) real = dlsym(RTLD_NEXT, "clock_gettime");
  const int result = real(clock, now);
  if (clock != CLOCK_REALTIME && clock != CLOCK_BOOTTIME) return result;
  const long whole = now->tv_nsec + told->slept;
  now->tv_sec += whole / 1000000000;
  now->tv_nsec = whole % 1000000000;
  return result;
}
