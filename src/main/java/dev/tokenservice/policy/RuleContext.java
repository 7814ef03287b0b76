package dev.tokenservice.policy;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What rules can name.
 *
 * @param authorities the names of all; {@code forwarded} is the one of trusted summaries
 * @param trustsSummaries whether there are clients of {@code forwarded}
 * @param flows the names of the flows that there are; none where that is not known
 * @param withoutSubjects those that do not vouch for the subject of their clients
 * @param relyingParties those for whom tokens are made
 * @param sets by name
 * @param owners of the subjects that are made from rows
 * @param expressions reads those of the rules
 * @param versionLast whether the version is the last key of the file, so that a file which was cut off has none
 */
record RuleContext(
        List<String> authorities,
        boolean trustsSummaries,
        List<String> flows,
        Collection<String> withoutSubjects,
        RelyingParties relyingParties,
        Map<String, RowSet> sets,
        SubjectOwners owners,
        ExpressionReader expressions,
        boolean versionLast) {}
