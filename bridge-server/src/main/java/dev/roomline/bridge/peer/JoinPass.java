package dev.roomline.bridge.peer;

/**
 * What a valid join token grants.
 *
 * @param room id or code
 */
public record JoinPass(String room, String userId, String role) {}
