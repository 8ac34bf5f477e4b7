package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.store.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code ?page=&perPage=}: pages by number over lists that are read by cursor, from the newest on.
 *
 * @param page from 1
 */
record PageNumbers(int page, int perPage) {
    private static final int USUAL = 20;
    private static final int MOST_PER_PAGE = 100;

    /** A page further back is not looked for: each is read from the start. */
    private static final int DEEPEST = 50_000;

    /** Answers a page of a list. */
    interface Reader {
        Answer answer(PageNumbers page) throws TimeoutException, InterruptedException;
    }

    /** A number that is none, or too big, is told by its name. */
    static Answer read(Ask ask, Reader reader) throws TimeoutException, InterruptedException {
        Optional<Integer> page = number(ask.query("page").orElse("1"));
        Optional<Integer> perPage =
                number(ask.query("perPage").orElse(Integer.toString(USUAL)))
                        .filter(n -> n <= MOST_PER_PAGE);
        if (perPage.isEmpty()) {
            return VideoSdk.invalid("perPage must be a number from 1 to " + MOST_PER_PAGE);
        }
        int deepest = DEEPEST / perPage.get();
        return page.isEmpty() || page.get() > deepest
                ? VideoSdk.invalid("page must be a number from 1 to " + deepest)
                : reader.answer(new PageNumbers(page.get(), perPage.get()));
    }

    private static Optional<Integer> number(String text) {
        return text.matches("[1-9]\\d{0,5}")
                ? Optional.of(Integer.valueOf(text))
                : Optional.empty();
    }

    /** Reads one page of a list by its cursor. */
    interface Source<T> {
        Page<T> read(Page.@Nullable Cursor after, int limit);
    }

    /** The rows of this page. */
    <T> List<T> of(Source<T> source) {
        int skip = (page - 1) * perPage;
        List<T> rows = new ArrayList<>();
        Page.@Nullable Cursor after = null;
        do {
            Page<T> next = source.read(after, MOST_PER_PAGE);
            for (T row : next.items()) {
                if (skip > 0) {
                    skip--;
                } else if (rows.size() < perPage) {
                    rows.add(row);
                }
            }
            after = next.next().orElse(null);
        } while (after != null && rows.size() < perPage);
        return rows;
    }

    /** {@code {"pageInfo", "data"}}. */
    <T> Map<String, Object> view(long total, List<T> rows, Function<T, Object> view) {
        Map<String, Object> pageInfo = new LinkedHashMap<>();
        pageInfo.put("currentPage", page);
        pageInfo.put("perPage", perPage);
        pageInfo.put("lastPage", Math.max(1, (total + perPage - 1) / perPage));
        pageInfo.put("total", total);
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("pageInfo", pageInfo);
        list.put("data", rows.stream().map(view).toList());
        return list;
    }
}
