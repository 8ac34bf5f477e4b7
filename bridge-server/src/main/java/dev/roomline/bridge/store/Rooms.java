package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rooms and their codes. Blocks: virtual threads only. */
public interface Rooms {

    /** By id, or by any of its codes without regard to case. */
    Optional<RoomRow> find(String idOrCode);

    /** As {@link #enter}, without blocking: on any thread. */
    default Recalled<Entry> recall(String code) {
        return new Recalled.Unknown<>();
    }

    /** By a code, enabled or not, without regard to case: what dialling and joining ask. */
    Optional<Entry> enter(String code);

    /**
     * By a code as a phone's keys spell it ({@code abc-defg-hij} is 2223334445), enabled or not. Of
     * codes that are spelt alike only the oldest is found so.
     */
    Optional<Entry> spelt(String digits);

    /**
     * @param name exact; null: all
     */
    Page<RoomRow> list(@Nullable String name, Page.@Nullable Cursor after, int limit);

    /** With no code given, one is made with role {@code guest}. */
    Change<RoomRow> create(NewRoom room);

    /** A room that lives as long as the call for which it is made. */
    RoomRow createForCall(NewRoom room);

    /** What calls left behind when the process last died. Once, at start; returns how many. */
    int deleteMadeForCalls();

    Change<RoomRow> update(String idOrCode, RoomPatch patch);

    /** Its codes die with it. */
    Change<RoomRow> delete(String idOrCode);

    Change<CodeRow> addCode(String idOrCode, NewCode code);

    Change<CodeRow> enableCode(String idOrCode, String code, boolean enabled);

    long count();

    /**
     * @param code the very code by which it was found
     */
    record Entry(RoomRow room, CodeRow code) {}

    /** A room to be made; {@code codes} may be empty. */
    record NewRoom(
            String name,
            List<NewCode> codes,
            String browsers,
            int maxParticipants,
            List<String> visibleAttributes,
            boolean hideNumbers) {
        public NewRoom {
            codes = List.copyOf(codes);
            visibleAttributes = List.copyOf(visibleAttributes);
        }

        /** As the file declares it. */
        static NewRoom of(Declared.Room room) {
            return new NewRoom(
                    room.name(),
                    room.codes().stream()
                            .map(
                                    code ->
                                            new NewCode(
                                                    Optional.of(code.code()),
                                                    code.role(),
                                                    code.pin().value(),
                                                    code.entry()))
                            .toList(),
                    room.browsers(),
                    room.maxParticipants(),
                    room.visibleAttributes(),
                    room.hideNumbers());
        }
    }

    /**
     * @param code absent: one is made, {@code abc-defg-hij}
     */
    record NewCode(Optional<String> code, String role, String pin, String entry) {
        @Override
        public String toString() {
            return "NewCode[code=" + code + ", role=" + role + "]";
        }
    }

    /** Absent values leave things as they are. */
    record RoomPatch(
            Optional<String> name,
            Optional<Integer> maxParticipants,
            Optional<List<String>> visibleAttributes,
            Optional<Boolean> hideNumbers,
            Optional<String> browsers) {}
}
