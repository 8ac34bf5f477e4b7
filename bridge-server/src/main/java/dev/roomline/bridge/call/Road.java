package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * By which road a carrier is reached: what it is offered names an address of ours, which only those
 * of its addresses can send to that are of the same family.
 *
 * @param targets those of one family, in the order in which they are tried; at least one
 * @param local ours on the way to the first
 * @param next over the other family, once none of these took the call; null where there are no more
 */
public record Road(List<Target> targets, InetAddress local, @Nullable Road next)
        implements Roads.Found {
    public Road {
        targets = List.copyOf(targets);
    }

    /**
     * To those of a name's targets that our sockets can send to, in their order.
     *
     * @param serves whether one of our sockets is of that family
     * @param ours our address on the way to one of theirs
     */
    public static Roads.Found among(
            List<Target> targets, Predicate<InetAddress> serves, UnaryOperator<InetAddress> ours) {
        if (targets.isEmpty()) {
            return new Roads.NoAddress();
        }
        List<Target> served =
                targets.stream().filter(one -> serves.test(one.address().getAddress())).toList();
        return served.isEmpty()
                ? new Roads.NotBound(targets.getFirst().address().getAddress())
                : over(served, ours);
    }

    private static Road over(List<Target> targets, UnaryOperator<InetAddress> ours) {
        InetAddress first = targets.getFirst().address().getAddress();
        int end = 1;
        while (end < targets.size() && isOfFamily(first, targets.get(end))) {
            end++;
        }
        List<Target> rest = targets.subList(end, targets.size());
        return new Road(
                targets.subList(0, end),
                ours.apply(first),
                rest.isEmpty() ? null : over(rest, ours));
    }

    private static boolean isOfFamily(InetAddress first, Target other) {
        return first.getClass() == other.address().getAddress().getClass();
    }

    /** The first of its addresses. */
    InetSocketAddress remote() {
        return targets.getFirst().address();
    }
}
