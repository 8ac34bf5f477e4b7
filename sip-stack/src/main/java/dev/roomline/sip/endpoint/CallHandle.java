package dev.roomline.sip.endpoint;

/** The application's own name for a call that it places; never used twice. */
public record CallHandle(long value) {}
