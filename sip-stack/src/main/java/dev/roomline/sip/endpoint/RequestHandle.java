package dev.roomline.sip.endpoint;

/** The application's own name for a request that it sends outside any dialog; never used twice. */
public record RequestHandle(long value) {}
