package dev.roomline.sip.message;

/**
 * One header line as it came, unfolded.
 *
 * @param key the full name in lower case: {@code v} is {@code via}
 * @param name as it was sent
 * @param value without white space around it
 * @param offset of its first byte in the message
 */
record HeaderLine(String key, String name, String value, int offset) {}
