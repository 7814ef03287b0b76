package dev.tokenservice.policy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.policy.AuthorityReader.Definition;
import dev.tokenservice.x509.FetchedLists;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the policy file and all files that it names as one version. If a file changes during the reading, it reads all again.
 */
public final class PolicyFile implements Supplier<Policy> {

    static final List<String> KEYS = List.of(
            "version", "authorities", "forwardedSummaries", "rules", "relyingParties", "sets", "mode", "proxies");

    private static final int MAX_READINGS = 5;

    /**
     * The problems of a policy and of the files that it names, each as {@code FILE:LINE:COLUMN: what}.
     *
     * @param wrong all other problems
     * @param absent the files that it names, but that do not exist
     */
    public record Problems(List<String> wrong, List<String> absent) {}

    private final Path file;
    private final Path root;
    private final PolicyContext context;
    private final Clock clock;

    /** The files of the last reading, with the policy first. */
    private volatile List<Path> files;

    public PolicyFile(Path file, PolicyContext context, Clock clock) {
        this(file, Path.of("/"), context, clock);
    }

    /** Creates a reader for a container, whose files are below a folder of this machine. */
    public PolicyFile(Path file, Path root, PolicyContext context, Clock clock) {
        this.root = root;
        this.file = file;
        this.context = context;
        this.clock = clock;
        this.files = List.of(file);
    }

    /** Returns the files of the last reading, which must be watched, with the policy first. */
    public List<Path> files() {
        return files;
    }

    /**
     * Reads the policy.
     *
     * @throws UnusableFileException with all problems, each as {@code FILE:LINE:COLUMN: what}
     */
    @Override
    public Policy get() {
        for (int reading = 1; reading <= MAX_READINGS; reading++) {
            PolicyFiles read = new PolicyFiles(file, root);
            PolicyProblems problems = new PolicyProblems(file);
            Optional<Policy> policy = policy(read, problems);
            files = read.all();
            if (read.isUnchanged()) {
                problems.throwIfAny();
                return policy.orElseThrow();
            }
        }
        throw new UnusableFileException(
                file,
                "changed while it was read, or a file that it names changed: write the files completely, and do not change them again");
    }

    /** Reads once, and returns all problems. */
    public Problems problems() {
        PolicyProblems problems = new PolicyProblems(file);
        policy(new PolicyFiles(file, root), problems);
        return new Problems(problems.lines(false), problems.lines(true));
    }

    /**
     * Explains the decision of the policy about a request.
     *
     * @param presented the certificate of the client, followed by the other certificates that it sends
     */
    public Explanation explain(List<X509Certificate> presented, Explanation.Asked asked, ClientChecks settings) {
        return Explanation.of(withoutFetched(), presented, asked, settings, context, clock.instant());
    }

    /** Reads the policy without fetching revocation lists, so that only lists in files count. */
    Policy withoutFetched() {
        Policy policy = get();
        policy.fetched().forEach(FetchedLists::leaveOut);
        return policy;
    }

    private Optional<Policy> policy(PolicyFiles read, PolicyProblems problems) {
        Optional<PolicyNode> root = PolicyText.read(file, problems);
        if (root.isEmpty()) {
            return Optional.empty();
        }
        Map<String, PolicyNode> members = root.get().members(KEYS);
        checkVersion(root.get(), members);
        List<Definition> definitions = definitions(root.get(), Optional.ofNullable(members.get("authorities")));
        Optional<Proxies> proxies =
                Optional.ofNullable(members.get("proxies")).flatMap(node -> proxies(node, definitions));
        new AuthorityChecks(definitions, context.template()).run();
        List<Trusted> trusted = new AuthorityFiles(read, definitions, clock).load();
        Optional<Boolean> summaries = Optional.ofNullable(members.get("forwardedSummaries"))
                .flatMap(node -> node.choice(List.of("refuse", "trusted")))
                .map("trusted"::equals);
        ExpressionReader expressions = new ExpressionReader();
        Optional<RelyingParties> parties = Optional.ofNullable(members.get("relyingParties"))
                .map(node -> new RelyingPartiesReader(context.tokens(), namings(definitions, summaries), expressions)
                        .read(node));
        Optional<Rules> rules = new RulesReader(root.get(), members, definitions, context.flows(), expressions)
                .read(read, parties.orElseGet(context.tokens().audiences()::relyingParties));
        return problems.count() > 0
                ? Optional.empty()
                : Optional.of(new Policy(
                        read.generation(),
                        trusted,
                        summaries,
                        proxies,
                        parties,
                        rules,
                        problems.warnings(),
                        clock.instant()));
    }

    private List<Definition> definitions(PolicyNode root, Optional<PolicyNode> authorities) {
        List<Definition> definitions = new ArrayList<>();
        authorities.ifPresent(place -> {
            place.members().forEach((name, node) -> definitions.add(AuthorityReader.read(name, node)));
            conflict(place, "authorities", context.trustSettings());
        });
        if (definitions.isEmpty()
                && context.tls().orElse(false)
                && context.trustSettings().isEmpty()) {
            root.problem("authorities is missing: MTLS_CERTIFICATE is set, and nothing else says whom to trust");
        }
        definitions.stream()
                .filter(definition -> definition.clientId().isPresent())
                .forEach(definition -> conflict(definition.clientIdPlace(), "clientId", context.clientIdSettings()));
        return definitions;
    }

    private Optional<Proxies> proxies(PolicyNode node, List<Definition> authorities) {
        conflict(node, "proxies", context.proxySettings());
        if (!context.tls().orElse(true)) {
            node.problem("proxies needs the TLS port, where proxies present their certificates: set MTLS_CERTIFICATE");
        }
        return new ProxiesReader(node, authorities).read();
    }

    /** Returns the client id templates: those of the authorities, and that of the settings for an authority without one. */
    private List<ClientIdTemplate> namings(List<Definition> definitions, Optional<Boolean> trustsSummaries) {
        List<ClientIdTemplate> namings = new ArrayList<>();
        definitions.forEach(definition -> namings.add(definition.clientId().orElse(context.template())));
        if (definitions.isEmpty() || trustsSummaries.orElse(false)) {
            namings.add(context.template());
        }
        return namings;
    }

    private static void checkVersion(PolicyNode root, Map<String, PolicyNode> members) {
        PolicyNode version = members.get("version");
        if (version == null || !version.written().equals("1")) {
            (version == null ? root : version).problem("version must be 1");
        }
    }

    private static void conflict(PolicyNode node, String key, List<String> settings) {
        if (!settings.isEmpty()) {
            node.problem(key + " says the same as " + String.join(" and ", settings) + ": unset "
                    + String.join(" and ", settings) + ", or leave " + key + " out");
        }
    }
}
