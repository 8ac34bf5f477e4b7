package dev.roomline.bridge.call;

import dev.roomline.bridge.store.RoomRow;

/**
 * A caller that may enter a room.
 *
 * @param role what the dialled code lets it do
 * @param ownRoom the room was made for this call and ends with it
 */
public record Admission(
        Caller caller, RoomRow room, String role, AnswerTerms terms, boolean ownRoom) {}
