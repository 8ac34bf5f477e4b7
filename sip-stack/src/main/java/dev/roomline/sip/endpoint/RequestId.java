package dev.roomline.sip.endpoint;

/** Names one request that awaits the application's final response; never reused in a process. */
public record RequestId(long value) {}
