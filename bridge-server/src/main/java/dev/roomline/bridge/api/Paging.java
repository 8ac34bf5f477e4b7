package dev.roomline.bridge.api;

import dev.roomline.bridge.store.Page;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code ?limit=&cursor=} of a list.
 *
 * @param after where to go on; null: from the start
 */
public record Paging(int limit, Page.@Nullable Cursor after) {
    private static final int USUAL = 50;
    private static final int MOST = 200;
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,15})\\.([A-Za-z0-9_-]{1,80})");

    public static Paging of(Query query) {
        int limit = query.whole("limit", 1, MOST).orElse(USUAL);
        Page.Cursor after =
                query.read("cursor", Paging::decode, "must be what an earlier answer gave as next")
                        .orElse(null);
        return new Paging(limit, after);
    }

    /** {@code {"items": […], "next": …}}. */
    public static <T> Answer answer(Page<T> page, Function<T, Map<String, Object>> view) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("items", page.items().stream().map(view).toList());
        list.put("next", page.next().map(Paging::encode).orElse(null));
        return Answer.json(200, list);
    }

    private static String encode(Page.Cursor cursor) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        (cursor.epochMillis() + "." + cursor.id())
                                .getBytes(StandardCharsets.US_ASCII));
    }

    private static Optional<Page.Cursor> decode(String text) {
        try {
            Matcher matcher =
                    CURSOR.matcher(
                            new String(
                                    Base64.getUrlDecoder().decode(text),
                                    StandardCharsets.US_ASCII));
            return matcher.matches()
                    ? Optional.of(
                            new Page.Cursor(Long.parseLong(matcher.group(1)), matcher.group(2)))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
