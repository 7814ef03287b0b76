package dev.tokenservice.x509;

import dev.tokenservice.outbound.Download.Reach;
import java.net.URI;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The revocation lists of one authority: those of its files, and those that {@link RevocationFetching} fetches. What is asked of
 * it is answered from memory. Safe for use by many threads.
 */
public final class FetchedLists implements Supplier<RevocationLists> {

    private final String authority;
    private final FetchSettings settings;
    private final List<X509CRL> files;
    private final ListCheck check;
    private final Optional<ListCache> cache;
    private final DistributionPoints points;
    private final Clock clock;
    private final Map<URI, ListSource> sources = new ConcurrentSkipListMap<>();
    private volatile RevocationLists current;

    /** The URLs of the fetched lists in force. */
    private volatile Set<URI> inForce;

    private volatile long version;
    private volatile byte[] digest;
    private Set<URI> stale = Set.of();

    /**
     * Fetches nothing yet.
     *
     * @param authority its name in the policy
     * @param bundle has the CAs whose lists count
     * @param files the lists that are there already
     */
    public FetchedLists(
            String authority, FetchSettings settings, TrustBundle bundle, List<X509CRL> files, Clock clock) {
        this(
                authority,
                settings,
                List.copyOf(files),
                new ListCheck(Stream.concat(bundle.roots().stream(), bundle.intermediates().stream())
                        .toList()),
                settings.cache().map(folder -> new ListCache(folder, clock)),
                clock);
    }

    private FetchedLists(
            String authority,
            FetchSettings settings,
            List<X509CRL> files,
            ListCheck check,
            Optional<ListCache> cache,
            Clock clock) {
        this.authority = authority;
        this.settings = settings;
        this.files = files;
        this.check = check;
        this.cache = cache;
        this.clock = clock;
        this.points = new DistributionPoints(settings.hosts(), settings.maxStaleness());
        settings.urls().forEach(url -> sources.put(url, new ListSource(url)));
        putInForce();
        this.digest = digestOfFetched();
    }

    /** The same without what is on disk: nothing is read from there, and nothing kept. */
    public FetchedLists withoutCache() {
        return new FetchedLists(authority, settings, files, check, Optional.empty(), clock);
    }

    public String authority() {
        return authority;
    }

    /** Returns the age at which a list is out of date. */
    public Duration maxStaleness() {
        return settings.maxStaleness();
    }

    FetchSettings settings() {
        return settings;
    }

    Optional<ListCache> cache() {
        return cache;
    }

    Collection<ListSource> sources() {
        return sources.values();
    }

    /** Returns the lists in force. */
    @Override
    public RevocationLists get() {
        return current;
    }

    /** Another number whenever a certificate may be judged otherwise than before. */
    public long version() {
        return version;
    }

    /**
     * Puts in force what the sources have now.
     *
     * @param changed whether that is another list, and not only another time
     */
    synchronized void publish(boolean changed) {
        putInForce();
        if (changed) {
            digest = digestOfFetched();
            version++;
        }
    }

    private void putInForce() {
        List<HeldList> held = new ArrayList<>();
        files.forEach(list -> held.add(HeldList.ofFile(list)));
        Set<URI> fetched = new HashSet<>();
        for (ListSource source : sources.values()) {
            source.taken().ifPresent(taken -> {
                held.add(taken.asHeld(settings));
                fetched.add(source.url());
            });
        }
        Set<URI> urls = Set.copyOf(fetched);
        // A list is awaited until it is among these, and not only until its source has it: in between it would count as
        // missing.
        current = new RevocationLists(List.copyOf(held), Optional.of(certificate -> isAwaited(certificate, urls)));
        inForce = urls;
    }

    private boolean isAwaited(X509Certificate certificate, Set<URI> fetched) {
        return Stream.concat(settings.urls().stream(), points.of(certificate).stream())
                .anyMatch(url -> !fetched.contains(url));
    }

    /** Returns whether the first attempt at any list has yet to end. */
    boolean isBeginning() {
        return sources.values().stream()
                .anyMatch(source ->
                        !inForce.contains(source.url()) && source.failure().isEmpty());
    }

    /**
     * Has the lists fetched that a certificate names, if the policy allows it. To be called for each certificate of a valid path;
     * fetches nothing itself.
     */
    void seen(X509Certificate certificate, X509Certificate issuer) {
        points.note(certificate, issuer, clock.instant()).forEach(url -> sources.putIfAbsent(url, new ListSource(url)));
    }

    /** Returns whether certificates name more lists than are fetched. */
    public boolean isFull() {
        return points.isFull();
    }

    /** Leaves out what is fetched: only the lists of files count from now on. */
    public void leaveOut() {
        current = new RevocationLists(files);
    }

    /** Where the list of a URL may be, and where a redirect from there may lead. */
    Reach reach(ListSource source, URI url) {
        if (!settings.urls().contains(source.url())) {
            return points.mayBeAt(url) ? Reach.PUBLIC : Reach.NONE;
        }
        // The policy's own hosts may be internal ones; a host that only a redirect names may not.
        boolean named = settings.urls().stream().anyMatch(own -> own.getHost().equalsIgnoreCase(url.getHost()));
        return named ? Reach.ANY : Reach.PUBLIC;
    }

    X509CRL read(ListSource source, byte[] content, Instant now) throws FetchException {
        return check.read(content, points.issuer(source.url()), now);
    }

    /** Notes which lists have become too old, so that nobody goes on with an earlier judgement, or are no longer wanted. */
    synchronized void look(Instant now) {
        Set<URI> forgotten = points.forget(now);
        if (!forgotten.isEmpty()) {
            forgotten.stream().filter(url -> !settings.urls().contains(url)).forEach(sources::remove);
            publish(true);
        }
        Set<URI> found = sources.values().stream()
                .map(source -> status(source, now))
                .filter(status -> status.state() == SourceState.STALE)
                .map(SourceStatus::url)
                .collect(Collectors.toSet());
        if (!found.equals(stale)) {
            stale = found;
            version++;
        }
    }

    /** How it stands with each URL, in their order. */
    public List<SourceStatus> statuses(Instant now) {
        return sources.values().stream().map(source -> status(source, now)).toList();
    }

    SourceStatus status(ListSource source, Instant now) {
        return source.status(settings, now);
    }

    /** Takes over the lists of an earlier version of the policy, as far as they are this authority's. */
    void follow(FetchedLists before) {
        Set<URI> named = points.follow(before.points);
        named.forEach(url -> sources.putIfAbsent(url, new ListSource(url)));
        for (ListSource source : sources.values()) {
            ListSource earlier = before.sources.get(source.url());
            if (earlier != null) {
                earlier.taken()
                        .filter(taken -> isOwn(taken.list(), source))
                        .ifPresent(taken -> source.follow(earlier, taken));
            }
        }
        publish(true);
    }

    private boolean isOwn(X509CRL list, ListSource source) {
        try {
            check.checkIssuer(list, points.issuer(source.url()));
            return true;
        } catch (FetchException e) {
            return false;
        }
    }

    /** Of every list that was fetched. */
    byte[] digest() {
        return digest;
    }

    private byte[] digestOfFetched() {
        return FetchedContent.digest(sources.values().stream()
                .flatMap(source -> source.taken().stream())
                .map(ListSource.Taken::list)
                .toList());
    }
}
