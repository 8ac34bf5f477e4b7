package dev.roomline.sip.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What requests and responses have alike, parsed. */
record MessageFields(
        Address from,
        Address to,
        long cseq,
        String cseqMethod,
        @Nullable Address contact,
        List<Address> recordRoute,
        @Nullable Body body) {

    static Optional<String> header(HeaderBlock block, String name) {
        HeaderLine line = block.first(HeaderBlock.fullName(name));
        return line == null ? Optional.empty() : Optional.of(line.value());
    }

    static List<String> headers(HeaderBlock block, String name) {
        return block.all(HeaderBlock.fullName(name)).stream().map(HeaderLine::value).toList();
    }

    /**
     * Control characters cannot be in them (the scan refuses them) but tabs, and names are tokens.
     */
    static List<HeaderField> allHeaders(HeaderBlock block) {
        List<HeaderField> all = new ArrayList<>(block.lines().size());
        for (HeaderLine line : block.lines()) {
            all.add(new HeaderField(line.name(), line.value()));
        }
        return Collections.unmodifiableList(all);
    }
}
