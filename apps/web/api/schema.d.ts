/** Written by `npm run generate:openapi` out of docs/openapi/api.json. */
/* eslint-disable */
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface paths {
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["readLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready when the database answers, has its tables and takes writes; recurring work is only reported
         * @description While the pool is overloaded, it is enough that connections become free.
         */
        get: operations["readReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Measurements for Prometheus */
        get: operations["readMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Callbacks, webhooks, calls to providers and to CRMs of the last hours: how many, how many were refused or failed, and how long they took, by quarters of an hour
         * @description What happened is there 15 s later. Of one connection it is read from the journal.
         */
        get: operations["readActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists acts of operators, the latest first: everything but reads, also what was refused for a missing right
         * @description Without bodies and values of queries.
         */
        get: operations["listAuditEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists calls, latest first */
        get: operations["listCalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts that connected a module, with how much is going on at each; the latest first unless `sort` says otherwise */
        get: operations["listConnections"];
        put?: never;
        /**
         * Connects an account by hand, also as a trial; one that is connected gets the new key
         * @description `settings` are those of the provider, of several the first. A trial's `clientId` is told, with which the partner's own system calls its callbacks.
         */
        post: operations["addConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A connection with what stands at the services of its providers, and what waits for the CRM */
        get: operations["readConnection"];
        put?: never;
        post?: never;
        /**
         * Disconnects this account, then erases all that is held of it, in the background; the connection shows `erasing` until it is gone
         * @description A success as well when it is gone already.
         */
        delete: operations["eraseConnection"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/buyers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Exports the data stored about one buyer of this account, named by `phone`, `email` or `customer`
         * @description Needs the right `export`, and is in the audit list.
         */
        get: operations["exportBuyer"];
        put?: never;
        post?: never;
        /**
         * Erases a buyer's personal data; ids, sums and statuses stay
         * @description What is in flight is left, and counted.
         */
        delete: operations["eraseBuyer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns a connection's channels at the message gateway, or 404 if it has no messenger */
        get: operations["listChannels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries settings at the service, or the stored ones when the body is empty */
        post: operations["checkConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets the connection up at its service; `{replace: true}` replaces what others set up there */
        post: operations["connectService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/disconnect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes the module out of this account, until it connects again
         * @description What is stored stays.
         */
        post: operations["disconnectConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/freeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Freezes the connection, whatever the CRM says of it: callbacks are refused, and nothing is sent */
        post: operations["freezeConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/go-live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a trial: the module is registered with the account's CRM, in place of the one before, and works as any other */
        post: operations["goLiveWithConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/lookups/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Finds values for the fields of its forms whose `lookup` has this name, in the CRM or at the service; empty term: the first ones */
        get: operations["lookUpForConnection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Registers the module with this account's CRM again */
        post: operations["registerConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the account rules beside its settings, such as contracts and markups of delivery */
        get: operations["readConnectionRules"];
        /** Replaces the rules; secrets left out stay */
        put: operations["saveConnectionRules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/rules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tries rules on a sample order: which row fits, the contract and sender, and the cost that is shown
         * @description The rules are those in `rules` of the body, or the stored ones.
         */
        post: operations["previewConnectionRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The settings of a connection and their form
         * @description `provider`: whose, of several; the first when left out.
         */
        get: operations["readConnectionSettings"];
        /**
         * Replaces the settings; secrets left out stay
         * @description The module is registered again.
         */
        put: operations["saveConnectionSettings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/stocks/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a warehouse's changes were read; 404 where it is not asked for them */
        get: operations["readStockChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/stocks/reconcile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins to compare all that the CRM believes with what the warehouse says; what differs is sent */
        post: operations["reconcileStocks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/stocks/reconciliations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Comparisons of a connection's stocks, the latest first */
        get: operations["listStockReconciliations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/unfreeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends `freeze`; what waited is sent, unless the CRM froze the connection as well */
        post: operations["unfreezeConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/connections/{id}/unreadable-webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Webhooks that were acknowledged but could not be read: their number, and the last 20, masked */
        get: operations["readUnreadableWebhooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/copurchase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far accounts were read and counted */
        get: operations["listOrderSources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/copurchase/{connection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far an account was read and counted */
        get: operations["readOrderSource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/copurchase/{connection}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has the account read at once, instead of at its time */
        post: operations["readOrdersNow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deliveries, the latest first */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/deliveries/statuses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes up to 1,000 statuses of a dispatcher, each judged on its own
         * @description Says which are refused, and which are kept in the history but not sent to the CRM, with the reason.
         */
        post: operations["reportDeliveryStatuses"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A delivery with every status it had or was late to have */
        get: operations["readDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/dialogues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists dialogues of customers with managers, most recently used first
         * @description Their timelines list the messages.
         */
        get: operations["listDialogues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/differences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What differs, the latest found first; state=open is what is to be looked at */
        get: operations["listDifferences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/differences/{id}/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts it aside: it is open again only when it changes */
        post: operations["dismissDifference"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/differences/{id}/mend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compares it anew and mends it, once; one that is gone meanwhile is only answered, with the state gone */
        post: operations["mendDifference"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What failed, grouped by its error, the largest group first
         * @description That is messages that the CRM refused, events of providers that could not be applied, and calls of unknown outcome; at most 200 groups of each.
         */
        get: operations["listFailureGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/failures/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Discards what failed, as a task: it is never sent or applied, and says who decided so
         * @description Operations are not discarded: release them one by one, once the provider confirms that nothing was made.
         */
        post: operations["discardFailures"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/failures/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts what failed back in line, as a task
         * @description What fails later is not touched; a message is dropped instead if a newer one about the same was sent. Of operations the provider is asked again.
         */
        post: operations["replayFailures"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/failures/{what}/{group}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The failures of one group, the latest first */
        get: operations["listFailures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts connections by the state they are in */
        get: operations["countConnectionsByHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/health/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists changes of health of the last 90 days, the latest first */
        get: operations["listHealthChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes in up to 500 lines of another module's records, each once; says what became of each */
        post: operations["importConnections"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events of providers, the latest first; `state=failed` are those set aside */
        get: operations["listInbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/inbox/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Applies set-aside events again: those of the ids or the connection named, or all */
        post: operations["replayInbox"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/inbox/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Applies a set-aside event again */
        post: operations["replayInboxEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * * Lists callbacks, webhooks, and calls of providers and of the CRM, the latest first
         * @description Bodies are in each entry's own address. A filter by phone finds the bodies in which it was, also where they no longer show it.
         */
        get: operations["listJournal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/journal/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one entry with its bodies, as far as they are shown */
        get: operations["readJournalEntry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the keys of ENCRYPTION_KEY by their ids, never the keys, and how many stored values each encrypts
         * @description A key with no values can be taken out of the setting; one that is `missing` there encrypts values that nobody can read. Reads all of them.
         */
        get: operations["listEncryptionKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/keys/re-encrypt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Encrypts everything anew with the first key, in the background: the answer is the task
         * @description What is saved meanwhile is kept.
         */
        post: operations["reEncrypt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changes, as server-sent events: `overview` (as `GET /operator/api/overview` answers it; the first event), `health` (`{changes, more}`, as `GET /operator/api/health/changes` lists them), `tasks` (`{items}`, as `GET /operator/api/tasks` does) and `failures` (how many there are of `outbox`, `inbox` and `operations`)
         * @description It ends with the session. Nothing is repeated: after a break read what is shown anew.
         */
        get: operations["listenToChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/modules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Modules, with the provider that stands for each, and all its `providers` where it has several
         * @description `kind`: `adapter` to an outside service, or `service`; `from`: of a provider from outside.
         */
        get: operations["listModules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Calls with an effect on an outside service, the latest first */
        get: operations["listOperations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/operations/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Records that an unknown operation had no effect at the provider, so that the call may be repeated */
        post: operations["releaseOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/operations/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Looks now at an operation whose outcome is unknown */
        post: operations["reconcileOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/operators/{name}/end-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends all sessions of an operator by name, also the one that asks if it is the operator's own
         * @description The tokens stay: who has one may sign in again.
         */
        post: operations["endSessionsOfOperator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the CRM is told, the latest first; state=failed are those set aside */
        get: operations["listOutbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/outbox/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts set-aside entries back in line: those of the ids or the connection named, or all; drops those that a newer one sent has overtaken */
        post: operations["replayOutbox"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/outbox/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts a set-aside entry back in line */
        post: operations["replayOutboxEntry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/outside-reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What orders hold at outside warehouses, the latest first */
        get: operations["listOutsideReservations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The figures of the deployment, and what needs somebody: what it is, since when, of how many shops, and the operation of this API that may end it
         * @description It is read at most every 15 s, however often it is asked for. An operator who is limited to modules gets the figures and needs of these modules.
         */
        get: operations["readOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists payments, latest first */
        get: operations["listPayments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/payments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns a payment with its refunds and history */
        get: operations["readPayment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/reconciliations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Comparisons with their progress, the latest first */
        get: operations["listReconciliations"];
        put?: never;
        /** Begins to compare a connection, or all where nothing runs; answers how many, and the first hundred */
        post: operations["beginReconciliation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Finds things in all shops by an id, number, phone or host
         * @description An exact host comes first, and rows of the journal last. At most fifty of each kind of match. Each hit has its match and the address of its story.
         */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Says who is signed in by the cookie, if anybody
         * @description Asking is no use of the session.
         */
        get: operations["readSession"];
        put?: never;
        /**
         * Signs in with an operator's token: sets a cookie (HttpOnly, SameSite=Strict, under https with the prefix `__Host-`) for 30 minutes without use, 12 hours in all
         * @description The session has the right of the token, and ends when the token leaves the settings. A session that the browser had before ends.
         */
        post: operations["signIn"];
        /** Signs out: ends the session of the cookie, if there is one, and takes the cookie away */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the live sessions of all operators, those used last first
         * @description Never holds a cookie or its hash.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/sessions/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a session: its browser is asked to sign in again */
        post: operations["endSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Balances */
        get: operations["listStock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/stock/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes a file of stocks: CSV with a header, NDJSON or a JSON list of lines, all or nothing
         * @description A file with bad lines is answered with 400 and a report that names them; a dry run with the report.
         */
        post: operations["importStock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/stock/movements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Movements, the latest first */
        get: operations["listStockMovements"];
        put?: never;
        /**
         * Applies a single change: a line with how it is applied
         * @description Answers an import's report for one line.
         */
        post: operations["moveStock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/stock/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What orders hold, the latest first */
        get: operations["listStockReservations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/stock/shipments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What an order has reserved has left the warehouse
         * @description Answers how many reservations; 0 for a repeat.
         */
        post: operations["shipStock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/stock/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends the CRM all stocks again, for new products or a warehouse counted differently
         * @description Answers the number of offers.
         */
        post: operations["uploadStock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/stories/{kind}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is known of a delivery, payment, call, dialogue or order on one line of time: callbacks, calls of providers, states, messages to the CRM and its answers, webhooks and polls; what waits, and why */
        get: operations["readStory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Versions, migrations, queues, recurring work with its last run, hosted modules and whose secret is missing
         * @description Which encryption keys are in use is at `/operator/api/keys`, as that reads much.
         */
        get: operations["readSystem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/system/restored": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Marks the database as restored, after a copy of its files was put back: a start does not recognize this
         * @description Refunds and invoices are then looked up at the gateway first, until the comparison is done.
         */
        post: operations["declareRestored"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Long work that operators started, the latest first
         * @description It is listed until 30 days after its end.
         */
        get: operations["listTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One task with its progress */
        get: operations["readTask"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/tasks/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stops a task; what it has done stays
         * @description One that was stopped before is answered as it is.
         */
        post: operations["stopTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/telephony-lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the states of the lines to PBXs, at most 1,000 */
        get: operations["listTelephonyLines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/telephony-webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists whether events arrive from PBXs that report by webhook, for at most 1,000 live connections */
        get: operations["listTelephonyWebhooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/visitors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Visitors of a shop’s sites, the latest first */
        get: operations["listVisitors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/visitors/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erases all data of a visitor: visits, pages, links */
        post: operations["eraseVisitor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/api/webhook/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a signed message of the type `test` to OPERATOR_WEBHOOK_URL, once, and answers what came of it */
        post: operations["testOperatorWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries form values at the service, or the stored settings when the body is empty; `version`: as on saving */
        post: operations["checkSettings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets the connection up at its service; `{replace: true}` replaces what others set up there */
        post: operations["setUpService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was typed into a form and not saved; `brief`: without the values */
        get: operations["readDraft"];
        /** Keeps what is typed into a form for seven days, without secrets; only names and nesting must be the form's */
        put: operations["keepDraft"];
        post?: never;
        /** Deletes what was typed into a form and not saved */
        delete: operations["removeDraft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/first-steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the account does first with a provider, and how far it is */
        get: operations["listFirstSteps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The account's instances of the module; 404 where a module may be connected only once */
        get: operations["listInstances"];
        put?: never;
        /**
         * Adds an instance
         * @description This and what follows answer the list as it is then.
         */
        post: operations["addInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/instances/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Gives an instance another name */
        put: operations["renameInstance"];
        post?: never;
        /** Removes one from the account; the last one stays */
        delete: operations["removeInstance"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/instances/{id}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Issues an address that opens the page of another instance once */
        post: operations["openInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events, until the token ends: `changed` at first, and when something of the overview did
         * @description A comment comes every 15 seconds.
         */
        get: operations["followAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/lookups/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Finds values for the fields whose `lookup` has this name; empty term: the first ones */
        get: operations["lookUp"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the connection is, what it did last, and what to do, in the account's language */
        get: operations["readAccountOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/presets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Settings to start from, in the order of the form's presets; none where it has none */
        get: operations["listPresets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the account rules beside its settings */
        get: operations["readRules"];
        /**
         * Replaces the rules; secrets left out stay
         * @description Their draft is deleted.
         */
        put: operations["saveRules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/rules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says what rules do with a sample order: those in `rules` of the body, or the stored ones */
        post: operations["previewRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renews the page's token while it is valid: the new one lasts an hour, but not beyond a day since the page was opened */
        post: operations["renewSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The settings and their form; `brief`: without long lists
         * @description `provider`: whose, of a module of several; here and below the first when left out.
         */
        get: operations["readSettings"];
        /**
         * Replaces the settings; secrets left out stay
         * @description Their draft is deleted.
         *
         *     With the `version` of a brief reading, what stands for a long list means that it stays, and the answer is brief too.
         */
        put: operations["saveSettings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/settings/{list}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A list that a brief reading of the settings left out */
        get: operations["readSettingsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/telephony": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the changing part of the telephony page as HTML, for the token of the page */
        get: operations["readTelephonyState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{module}/account/api/trial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far it is */
        get: operations["readTrial"];
        put?: never;
        /** Begins what a first step offers to try (`canTry`), such as a test payment; the page leads to its `url` */
        post: operations["startTrial"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description How a connection is, for those who use it; texts are in the account's language. */
        AccountOverview: {
            health: {
                /** @enum {string} */
                state: "credentials-refused" | "crm-away" | "crm-refuses" | "frozen" | "not-registered" | "not-set-up" | "off" | "ok" | "retired" | "service-away";
                /** Format: date-time */
                since: string;
                words: string;
                todo?: string;
            };
            /** @description All that stands against it, the worst first. */
            problems: components["schemas"]["AccountProblem"][];
            /** @description What is over, of the last days, the latest first. */
            pastProblems: components["schemas"]["AccountProblem"][];
            providers: components["schemas"]["AccountProvider"][];
            /** @description The latest ten, the newest first. */
            recent: components["schemas"]["RecentView"][];
            /**
             * Format: date-time
             * @description When the CRM called last, ISO 8601; null: not yet.
             */
            lastCallbackAt: string | null;
            /**
             * Format: date-time
             * @description When the CRM last took news, ISO 8601; null: not yet.
             */
            lastPushAt: string | null;
            /** @description Since when news wait for the CRM, ISO 8601; null: nothing waits. */
            waitingSince: string | null;
            /** @description News and calls of 24 h that came to nothing and wait for the operator. */
            failures: number;
        };
        /** @description What stands against a connection, or stood, in the account's language. */
        AccountProblem: {
            /** @enum {string} */
            state: "credentials-refused" | "crm-away" | "crm-refuses" | "frozen" | "not-registered" | "not-set-up" | "off" | "retired" | "service-away";
            /** Format: date-time */
            since: string;
            /**
             * Format: date-time
             * @description When it was over; missing: it still holds.
             */
            endedAt?: string;
            words: string;
            /** @description What the account's users can do about it. */
            todo?: string;
            /** @description Code of the provider whose service it is. */
            provider?: string;
        };
        /** @description A provider of the connection's module. */
        AccountProvider: {
            provider: string;
            integration: string;
            title: string;
            /** @description What the last check of the stored settings came to; missing: there was none. */
            check?: {
                /** @enum {string} */
                state: "away" | "empty" | "errors" | "ok";
                /** Format: date-time */
                at: string;
            };
            /** @description Who the account is at the service, as the check said. */
            account?: string;
        };
        /** @description Credentials of an account page for its API. */
        AccountSession: {
            /** @description For `Authorization: Bearer ...`. */
            token: string;
            /**
             * Format: date-time
             * @description When the token expires unless it is renewed.
             */
            endsAt: string;
        };
        /** @description What the CRM account says about itself (its `settings` callback and method). */
        AccountSettings: {
            /** @description IANA zone, e.g. `Europe/Moscow`. */
            timeZone: string;
            /** @description Language of texts shown to the account's users. */
            language: string;
            /** @description ISO 4217 code in upper case. */
            currency?: string;
            /** @description Empty: nothing known, Monday to Friday is assumed. */
            workTimes: components["schemas"]["WorkTime"][];
            nonWorkingDays: components["schemas"]["NonWorkingDays"][];
            /** @description Missing until the CRM has sent it. */
            chat?: components["schemas"]["ChatAccountSettings"];
        };
        /** @description What was counted in some time, with latencies in milliseconds; those are left out where nothing was. */
        ActivityCount: {
            count: number;
            /** @description Understood and refused: a 4xx, a provider's or the CRM's no. */
            refused: number;
            /** @description Somebody was away, too slow or broken. */
            failed: number;
            /** @description The median, with an error of a fifth at most. */
            p50?: number;
            /** @description That 95 of 100 stay below. */
            p95?: number;
        };
        /** @description What was counted in one slot. */
        ActivityPoint: {
            /**
             * Format: date-time
             * @description When the slot begins, ISO 8601.
             */
            at: string;
            count: number;
            /** @description Understood and refused: a 4xx, a provider's or the CRM's no. */
            refused: number;
            /** @description Somebody was away, too slow or broken. */
            failed: number;
            /** @description The median, with an error of a fifth at most. */
            p50?: number;
            /** @description That 95 of 100 stay below. */
            p95?: number;
        };
        /** @description What happened in the last hours. */
        ActivityReport: {
            /** @description Minutes of a slot. */
            slotMinutes: number;
            /**
             * @description `counters`: all that happened; `journal`: what the journal kept of it; `none`: the journal is off, and nothing is known of one connection or module.
             * @enum {string}
             */
            source: "counters" | "journal" | "none";
            /** @description From the journal: names of exchanges that are left out where they went well, as only a part of those is kept; all that failed or was refused is counted. */
            without?: string[];
            /**
             * @description From the journal: there was more than is read, so the oldest points are too low.
             * @enum {boolean}
             */
            isPartial?: true;
            series: components["schemas"]["ActivitySeries"][];
        };
        /** @description One kind of exchanges. */
        ActivitySeries: {
            /**
             * @description `callback`, `webhook`: the CRM or a provider called; `provider`, `crm`: they were called.
             * @enum {string}
             */
            kind: "callback" | "crm" | "provider" | "webhook";
            /** @description Of all its points. */
            total: components["schemas"]["ActivityCount"];
            /** @description One for each slot, the oldest first; the last is not over. */
            points: components["schemas"]["ActivityPoint"][];
        };
        /** @description A connection that was added by hand. */
        AddedConnectionView: {
            /** @description Of a trial: with which the partner's own system calls its callbacks. */
            clientId?: string;
            id: string;
            /** @description Code of the module. */
            module: string;
            /** @description By which the CRM knows the instance. */
            code: string;
            /** @description What the shop calls the instance. */
            name: string | null;
            /** @description Of a module of several. */
            providers?: components["schemas"]["ProviderStateView"][];
            /** @description Origin of the account. */
            systemUrl: string;
            active: boolean;
            /** @description By the CRM. */
            frozen: boolean;
            /** Format: date-time */
            frozenByOperatorAt: string | null;
            /**
             * Format: date-time
             * @description Until the account connects again.
             */
            disconnectedAt: string | null;
            /** @description A trial beside another module. */
            shadow: boolean;
            health: components["schemas"]["Health"];
            /** @description Of the API key, as the CRM last said. */
            scopes: string[];
            /** @description The account's settings in the CRM. */
            account: components["schemas"]["AccountSettings"];
            /** Format: date-time */
            registeredAt: string | null;
            /** @description Why the last registration failed. */
            registrationError: string | null;
            /** @description What to do about it. */
            registrationAdvice?: string;
            /** Format: date-time */
            registrationTriedAt?: string;
            /** @description What the CRM answered to the last registration; of tokens only which there are. */
            registrationReply: components["schemas"]["RegistrationReply"] | null;
            /** @enum {string} */
            chatTokens: "none" | "set";
            /** @description What the module costs the account. */
            billingInfo: components["schemas"]["BillingInfo"] | null;
            /** @description Why the account's settings could not be read. */
            settingsError?: string;
            /** Format: date-time */
            settingsAskedAgainAt?: string | null;
            /** @description Calls at which the module's first provider refuses the credentials. */
            refusedCalls: string[];
            /** @description What was dropped because the connection had too much. */
            overload?: components["schemas"]["Overload"];
            /**
             * Format: date-time
             * @description When the account last got a notice of refused credentials.
             */
            credentialsToldAt: string | null;
            /**
             * Format: date-time
             * @description When a registration switched it on again, after the CRM had switched it off.
             */
            switchedOnAgainAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description An act of an operator. */
        AuditEntryView: {
            id: string;
            /** Format: date-time */
            at: string;
            /** @description Name of the operator; `operator` has OPERATOR_TOKEN. */
            operator: string;
            /** @description The right that the operator had. */
            may: components["schemas"]["OperatorRights"];
            /** @description How the operator proved who it is: by a token, or by a session of a page. */
            via: components["schemas"]["OperatorProof"];
            /** @description Number of the request, which log lines and rows have too. */
            request: string;
            method: string;
            /** @description As it is declared, such as `/operator/api/connections/:id`. */
            route: string;
            /** @description Values of the route's parameters, by name. */
            params: {
                [key: string]: string;
            };
            /** @description Names of the query's parameters, without their values. */
            query: string[];
            /** @description Id of the connection that the act was about; null where the request names none. */
            connection: string | null;
            /** @description Host of the connection's CRM; null without a connection, or where it is erased. */
            host: string | null;
            /** @description IP address of the caller. */
            address: string;
            /** @description HTTP status of the answer; null: it runs, or its process died before it answered. */
            status: number | null;
            /** @description Milliseconds until the answer. */
            ms: number | null;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        AuditEntryViewPage: {
            items: components["schemas"]["AuditEntryView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description A line that cannot be taken, and why. */
        BadLine: {
            line: number;
            error: string;
        };
        BeginReconciliationDto: {
            /** @description Public id of a connection; every live one when it is left out. */
            connection?: string;
        };
        /** @description What somebody believes a warehouse has of an offer. */
        BelievedStock: {
            available: number;
            /** @description Of one unit, in the account's currency. */
            purchasePrice?: number;
        };
        /** @description What a module of the marketplace costs the account, from the CRM (reference: BillingInfo). */
        BillingInfo: {
            price?: number;
            priceWithDiscount?: number;
            /** @description ISO 4217. */
            currency?: string;
            billingType?: string;
        };
        /** @description Result of erasing a buyer's data: numbers of records by holding. */
        BuyerErasure: {
            total: number;
            erased: {
                [key: string]: number;
            };
            /** @description Records that were not erased because something still needs them. */
            inFlight: {
                [key: string]: number;
            };
            /** @description Advice about records in flight. */
            advice?: string;
        };
        /** @description Stored data about a buyer, by holding. */
        BuyerExport: {
            /** @description The search value. */
            buyer: {
                phone?: string;
                email?: string;
                customer?: string;
            };
            total: number;
            held: {
                [key: string]: {
                    [key: string]: unknown;
                }[];
            };
        };
        /** @description A call in the operator's API. */
        CallView: {
            id: string;
            connection: string;
            externalId: string;
            direction: string;
            phone?: string;
            externalPhone?: string;
            code?: string;
            userId?: number;
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            answeredAt?: string;
            /** Format: date-time */
            endedAt?: string;
            outcome?: string;
            recorded: boolean;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        CallViewPage: {
            items: components["schemas"]["CallView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description How orders made from a chat's channel are filled in. What the account does not set is missing. */
        ChannelOrder: {
            /** @description Code of the shop. */
            site?: string;
            /** @description Codes in the account. */
            orderType?: string;
            orderMethod?: string;
        };
        /**
         * @description `wanted`: not at the gateway yet. `failed`: rejected by the gateway. `off`: deactivated there.
         * @enum {string}
         */
        ChannelState: "active" | "failed" | "off" | "wanted";
        /** @description A messenger's account and its channel in the operator's API. */
        ChannelView: {
            /** @description Id at the messenger. */
            account: string;
            name: string;
            state: components["schemas"]["ChannelState"];
            /** @description The gateway's id. */
            channel?: number;
            problem?: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description A connection's channels at the message gateway. */
        ChannelsView: {
            items: components["schemas"]["ChannelView"][];
            total: number;
            /** @description Reason why they could not be compared with the gateway's channels. */
            problem?: string;
            /**
             * Format: date-time
             * @description When they are compared again. Missing: after the next change.
             */
            dueAt?: string;
        };
        /** @description What the account sets for chats. */
        ChatAccountSettings: {
            orderCreation: {
                /** @description Of channels without an entry of their own. */
                default?: components["schemas"]["ChannelOrder"];
                /** @description By the channel's id. */
                channels: {
                    [key: string]: components["schemas"]["ChannelOrder"];
                };
            };
        };
        /** @description Where a chat transport or bot of the account is reached. Its token is stored apart, sealed. */
        ChatEndpoint: {
            endpointUrl?: string;
        };
        /** @description What a check of settings came to. Texts are in the account's language. */
        CheckOutcome: {
            /**
             * @description `errors`: the service does not accept the settings. `away`: the service did not answer. `empty`: the settings lack what a call of the service needs.
             * @enum {string}
             */
            state: "away" | "empty" | "errors" | "ok";
            /** @description Who the account is at the service. */
            account?: string;
            /** @description By path of the settings; `''` is the whole. */
            errors: {
                [key: string]: string;
            };
            warnings: {
                [key: string]: string;
            };
            /** @description Why the service could not be called, or what the settings lack. */
            message?: string;
            /**
             * Format: date-time
             * @description ISO 8601.
             */
            at: string;
        };
        /** @description A check's outcome for pages. Empty members are left out. */
        CheckView: {
            /**
             * @description `errors`: the service does not accept the settings. `away`: the service did not answer. `empty`: the settings lack what a call of the service needs.
             * @enum {string}
             */
            state: "away" | "empty" | "errors" | "ok";
            /**
             * Format: date-time
             * @description ISO 8601.
             */
            at: string;
            /** @description Who the account is at the service. */
            account?: string;
            /** @description By path of the settings; `''` is the whole. */
            errors?: {
                [key: string]: string;
            };
            warnings?: {
                [key: string]: string;
            };
            /** @description Why the service could not be called, or what the settings lack. */
            message?: string;
        };
        /** @description What others set up in the place that we need. */
        Conflict: {
            /** @description Shop, bot or number; missing: the account. */
            about?: string;
            /** @description What is there, without its query. */
            address: string;
        };
        ConnectDto: {
            replace?: boolean;
        };
        /** @description A connection with all that is known of it. */
        ConnectionDetails: {
            erasing?: components["schemas"]["ErasureView"];
            services: components["schemas"]["ConnectionServiceView"][];
            /** @description Codes of the providers that can check settings at their service. */
            checks: string[];
            /** @description By provider, how a result is found if its reply is lost. */
            lostReplies: components["schemas"]["LostReplyView"][];
            lanes: components["schemas"]["LaneView"][];
            /** @description Of the shop. */
            host: string;
            id: string;
            /** @description Code of the module. */
            module: string;
            /** @description By which the CRM knows the instance. */
            code: string;
            /** @description What the shop calls the instance. */
            name: string | null;
            /** @description Of a module of several. */
            providers?: components["schemas"]["ProviderStateView"][];
            /** @description Origin of the account. */
            systemUrl: string;
            active: boolean;
            /** @description By the CRM. */
            frozen: boolean;
            /** Format: date-time */
            frozenByOperatorAt: string | null;
            /**
             * Format: date-time
             * @description Until the account connects again.
             */
            disconnectedAt: string | null;
            /** @description A trial beside another module. */
            shadow: boolean;
            health: components["schemas"]["Health"];
            /** @description Of the API key, as the CRM last said. */
            scopes: string[];
            /** @description The account's settings in the CRM. */
            account: components["schemas"]["AccountSettings"];
            /** Format: date-time */
            registeredAt: string | null;
            /** @description Why the last registration failed. */
            registrationError: string | null;
            /** @description What to do about it. */
            registrationAdvice?: string;
            /** Format: date-time */
            registrationTriedAt?: string;
            /** @description What the CRM answered to the last registration; of tokens only which there are. */
            registrationReply: components["schemas"]["RegistrationReply"] | null;
            /** @enum {string} */
            chatTokens: "none" | "set";
            /** @description What the module costs the account. */
            billingInfo: components["schemas"]["BillingInfo"] | null;
            /** @description Why the account's settings could not be read. */
            settingsError?: string;
            /** Format: date-time */
            settingsAskedAgainAt?: string | null;
            /** @description Calls at which the module's first provider refuses the credentials. */
            refusedCalls: string[];
            /** @description What was dropped because the connection had too much. */
            overload?: components["schemas"]["Overload"];
            /**
             * Format: date-time
             * @description When the account last got a notice of refused credentials.
             */
            credentialsToldAt: string | null;
            /**
             * Format: date-time
             * @description When a registration switched it on again, after the CRM had switched it off.
             */
            switchedOnAgainAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When the CRM last called, ISO 8601, written every 15 s; null: not since it is counted.
             */
            lastCallbackAt: string | null;
            /**
             * Format: date-time
             * @description When the CRM last took news, ISO 8601, written every 15 s; null: not since it is counted.
             */
            lastPushAt: string | null;
            /** @description All that failed within 24 h: the sum of `failed`. What was refused, as with a 4xx, is none. */
            failures: number;
            failed: components["schemas"]["ShopFailures"];
            /**
             * Format: date-time
             * @description When the oldest of what waits for the CRM was stored, ISO 8601; null: nothing waits.
             */
            oldestWaitingAt: string | null;
            /** @description Messages that wait for the CRM; at most 2,000 of each kind. */
            waiting: number;
        };
        ConnectionDto: {
            connection: string;
        };
        /** @description What stands at the service of a connection's provider. */
        ConnectionServiceView: {
            /** @description Code of its manifest. */
            provider: string;
            state: components["schemas"]["ServiceState"];
            /** @description Whether it is to be set up; false: taken down. */
            wanted: boolean;
            /** @description Webhook address of the last report; null: none yet. */
            address: string | null;
            /** @description Of the last report. */
            detail: {
                /** @description Others hold the place; the page asks whether to replace them. */
                conflict?: components["schemas"]["Conflict"][];
                manual?: components["schemas"]["ManualStep"][];
                /** @description By path, as in `CheckReport`. */
                warnings?: {
                    [key: string]: string;
                };
            } | null;
            /** @description Why the last try failed, in the account's language; null after a success. */
            problem: string | null;
            checkReport: components["schemas"]["CheckOutcome"] | null;
            /** Format: date-time */
            checkedAt: string | null;
            /**
             * Format: date-time
             * @description When a worker looks at it again; null: not before something changes.
             */
            dueAt: string | null;
            /** @description How often it was tried since the last success. */
            tries: number;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description The same with every status it had, or that was reported too late to move it. */
        DeliveryDetails: {
            history: {
                code: string;
                /** Format: date-time */
                updatedAt: string;
                /** Format: date-time */
                receivedAt: string;
                moved: boolean;
                comment?: string;
            }[];
            id: string;
            /** @description The CRM's `deliveryId`, where another module made it. */
            crmId?: string;
            connection: string;
            order: string;
            orderNumber?: string;
            externalId: string;
            trackNumber?: string;
            status: string;
            /** Format: date-time */
            statusAt: string;
            /** @description What the carrier charges. */
            cost?: number;
            currency?: string;
            /** @description What the order says that the delivery costs: as shown in the quote, unless the shop changed it. */
            shownCost?: number;
            /** @description Names in the account's rules that it was made with; missing: as in the settings. */
            contract?: string;
            sender?: string;
            tariff: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** Format: date-time */
            deletedAt?: string;
        };
        /** @description A delivery as the operator sees it. */
        DeliveryView: {
            id: string;
            /** @description The CRM's `deliveryId`, where another module made it. */
            crmId?: string;
            connection: string;
            order: string;
            orderNumber?: string;
            externalId: string;
            trackNumber?: string;
            status: string;
            /** Format: date-time */
            statusAt: string;
            /** @description What the carrier charges. */
            cost?: number;
            currency?: string;
            /** @description What the order says that the delivery costs: as shown in the quote, unless the shop changed it. */
            shownCost?: number;
            /** @description Names in the account's rules that it was made with; missing: as in the settings. */
            contract?: string;
            sender?: string;
            tariff: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** Format: date-time */
            deletedAt?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        DeliveryViewPage: {
            items: components["schemas"]["DeliveryView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description A customer's chat at an account of a messenger. Its timeline has the kind `dialogue`. */
        DialogueView: {
            id: string;
            connection: string;
            /** @description Name of the messenger's account. */
            channel?: string;
            /** @description Its id at the messenger. */
            chat: string;
            /** @description The customer's id at the messenger. */
            customer?: string;
            /**
             * @description `blocked`: by the customer.
             * @enum {string}
             */
            state: "blocked" | "open";
            /**
             * Format: date-time
             * @description When the dialogue was last changed.
             */
            usedAt: string;
            /** Format: date-time */
            createdAt: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        DialogueViewPage: {
            items: components["schemas"]["DialogueView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /**
         * @description `open`: to be looked at; `dismissed`: not shown while it stays the same; `gone`: it ended by itself.
         * @enum {string}
         */
        DifferenceState: "dismissed" | "gone" | "mended" | "open";
        /** @description Something that differs. */
        DifferenceView: {
            id: string;
            connection: string;
            kind: string;
            subject: string;
            /** @description What differs, in plain words. */
            text: string;
            /** @description What each side says. */
            facts: {
                [key: string]: unknown;
            };
            state: components["schemas"]["DifferenceState"];
            /** @description What mending does; left out when it is only listed. */
            mending?: string;
            /** @description Why the last try to mend it failed. */
            problem?: string;
            /** Format: date-time */
            foundAt: string;
            /** Format: date-time */
            seenAt: string;
            /** Format: date-time */
            closedAt?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        DifferenceViewPage: {
            items: components["schemas"]["DifferenceView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description Unsaved input of a form. */
        DraftView: {
            /** @description Missing: there is no draft. */
            draft?: {
                /** @description Values by the form's names, without secrets. */
                values?: {
                    [key: string]: unknown;
                };
                /** Format: date-time */
                savedAt: string;
                /**
                 * Format: date-time
                 * @description When the draft is deleted, unless it is stored again.
                 */
                keptUntil: string;
            };
        };
        /** @description How many sessions ended. */
        EndedSessionsView: {
            ended: number;
        };
        /** @description A connection of which only its erasure is left. */
        ErasedConnectionView: {
            id: string;
            erasing: components["schemas"]["ErasureView"];
        };
        /** @description That an erasure has begun. */
        ErasureBegun: {
            /** @enum {boolean} */
            success: true;
            /** @description Null: it is gone already. */
            erasing: components["schemas"]["ErasureView"] | null;
        };
        ErasureDto: {
            /** @description Public id of the connection. */
            connection: string;
            externalChatId?: string;
            externalUserId?: string;
            /** @description The number in the visitor's browser. */
            visitor?: string;
        };
        /**
         * @description `leaving`: CRM and service are being told; `erasing`: the connection is gone, and what it had is going; `erased`: what came late is looked for once more.
         * @enum {string}
         */
        ErasureState: "erased" | "erasing" | "leaving";
        /** @description How far the erasure of a connection is. */
        ErasureView: {
            /** @description `leaving`: CRM and service are being told; `erased`: what came late is looked for once more. */
            state: components["schemas"]["ErasureState"];
            /** Format: date-time */
            requestedAt: string;
            /** @description What is being erased now. */
            part?: string;
            /** @description Erased until now. */
            rows: number;
        };
        /** @description What every answer that is not a success says. */
        ErrorAnswer: {
            /** @enum {boolean} */
            success: false;
            /** @description What is wrong, in a sentence for a person. */
            errorMsg: string;
            /** @description The same by field. */
            errors?: {
                [key: string]: string;
            };
        };
        /** @description Whether events of a connection's PBX arrive, in the operator's API. */
        EventsView: {
            connection: string;
            /**
             * Format: date-time
             * @description When the last event arrived. Missing: none in 30 days.
             */
            lastEventAt?: string;
            /** @description Calls that ended before this time were read from the PBX's records. */
            caughtUpUntil?: string;
            /** @description Reason why its records could not be read. */
            problem?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        EventsViewPage: {
            items: components["schemas"]["EventsView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /**
         * @description What may be done about failures. Operations are only looked at again: what they did must be known.
         * @enum {string}
         */
        FailureAction: "discard" | "replay";
        FailureChoiceDto: {
            /** @enum {string} */
            what: "outbox" | "inbox" | "operations";
            /** @description Ids of single ones. */
            ids?: string[];
            /** @description A group, as the list of failures names it. */
            group?: string;
            kind?: string;
            /** @description Public id of the connection. */
            connection?: string;
            module?: string;
            /** Format: date-time */
            from?: string;
            /**
             * Format: date-time
             * @description Exclusive.
             */
            to?: string;
            /** @description Needed when nothing else is named. */
            all?: boolean;
        };
        /** @description Failures of one kind with one cause. */
        FailureGroupView: {
            what: components["schemas"]["FailureSource"];
            /** @description Id of the group, for its rows and for replays. */
            group: string;
            /** @description Of the rows, such as `delivery.tracking`. */
            kind: string;
            /** @description What their errors have in common: without ids, numbers and quoted values. */
            error: string;
            /** @description The error of the latest of them as it is. */
            sample: string;
            count: number;
            /** @description Connections that have them. */
            connections: number;
            /** @description Codes of their modules. */
            modules: string[];
            /**
             * Format: date-time
             * @description When the first and the last of them failed.
             */
            firstAt: string;
            /** Format: date-time */
            lastAt: string;
            /** @description What may be done about them. */
            actions: components["schemas"]["FailureAction"][];
        };
        /** @description A page of a list, as all of the operator API answers it. */
        FailureGroupViewPage: {
            items: components["schemas"]["FailureGroupView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /**
         * @description What needs an operator: messages to the CRM, events of providers, calls whose outcome is unknown.
         * @enum {string}
         */
        FailureSource: "inbox" | "operations" | "outbox";
        /** @description Something that failed. */
        FailureView: {
            what: components["schemas"]["FailureSource"];
            id: string;
            group: string;
            connection: string;
            /** @description Host of the shop. */
            host?: string;
            kind: string;
            /** @description What it is about, such as the id of a delivery. */
            subject?: string;
            error?: string;
            attempts: number;
            /** Format: date-time */
            failedAt: string;
            /** @description Number of the request that it comes from. */
            request?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        FailureViewPage: {
            items: components["schemas"]["FailureView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description A step of an account's first start. Texts are in the account's language. */
        FirstStepView: {
            /** @description The task, in a few words. */
            title: string;
            /** @description Instructions, in a sentence or two. */
            text: string;
            /** @description Place on the page: a section of the settings, `connect` or `rules`. Missing: the step is elsewhere, such as in the CRM. */
            section?: string;
            isDone: boolean;
            /** @description Whether the page can do the step: `POST .../trial`. */
            canTry?: boolean;
        };
        /** @description First steps of an account with a provider, in order. */
        FirstStepsView: {
            steps: components["schemas"]["FirstStepView"][];
        };
        /** @description One value of a `choice`. */
        FormChoice: {
            value: boolean | number | string;
            title: components["schemas"]["LocalText"];
        };
        /** @description One field of the account page's form. */
        FormField: {
            /** @description Property of its group. */
            name: string;
            /** @description Path from the top, as error paths name it but for the index: `zones[].tariffs[].price`. */
            path: string;
            title: components["schemas"]["LocalText"];
            hint?: components["schemas"]["LocalText"];
            unit?: components["schemas"]["LocalText"];
            /** @description Name of the field with the currency of this number of minor units, in its group or one around it. */
            moneyIn?: string;
            /** @description The number counts hundredths of a percent. */
            isBasisPoints?: boolean;
            required: boolean;
            /** @description A secret's value is never given: `{ set: true }` or nothing (see `maskSecrets`). */
            secret: boolean;
            default?: components["schemas"]["JsonValue"];
            /** @description Of the form's own fields: code of its section. */
            section?: string;
            /** @description This field and its neighbours that have one are one text in several languages. */
            language?: string;
            type: components["schemas"]["FormFieldType"];
            choices?: components["schemas"]["FormChoice"][];
            min?: number;
            max?: number;
            greaterThan?: number;
            lessThan?: number;
            minLength?: number;
            maxLength?: number;
            minItems?: number;
            maxItems?: number;
            /** @description OpenAPI's name for the format of a text: `email`, `uri`, `date-time`, ... */
            format?: string;
            /** @description A regular expression's source. */
            pattern?: string;
            /** @description Name of the lookup that finds values: `GET /{module}/account/api/lookups/{name}?term=`. */
            lookup?: string;
            /** @description Name of a list of this form whose codes are on offer; `@countries`, `@currencies`: ISO's lists. */
            codesOf?: string;
            /** @description The order of a list's items matters. */
            ordered?: boolean;
            /** @description Of a list of groups: the field of an item that tells items apart; missing: only their places do. */
            itemKey?: string;
            /** @description Of a list of groups: the field of an item by which the page groups items. */
            groupBy?: string;
            fields?: components["schemas"]["FormField"][];
            item?: components["schemas"]["FormValue"];
        };
        /**
         * @description The control of a field. `group` has `fields`; `list` has `fields` (of each item) or `item`; `map` is free-form.
         * @enum {string}
         */
        FormFieldType: "any" | "boolean" | "choice" | "group" | "integer" | "list" | "map" | "number" | "text";
        /** @description A part of the account page, with the fields of one topic. */
        FormSection: {
            /** @description Stands in addresses of the page: a word. */
            code: string;
            title: components["schemas"]["LocalText"];
        };
        /** @description What a value must fulfil, for the page to say before it sends; the parser has the last word. */
        FormValue: {
            type: components["schemas"]["FormFieldType"];
            choices?: components["schemas"]["FormChoice"][];
            min?: number;
            max?: number;
            greaterThan?: number;
            lessThan?: number;
            minLength?: number;
            maxLength?: number;
            minItems?: number;
            maxItems?: number;
            /** @description OpenAPI's name for the format of a text: `email`, `uri`, `date-time`, ... */
            format?: string;
            /** @description A regular expression's source. */
            pattern?: string;
            /** @description Name of the lookup that finds values: `GET /{module}/account/api/lookups/{name}?term=`. */
            lookup?: string;
            /** @description Name of a list of this form whose codes are on offer; `@countries`, `@currencies`: ISO's lists. */
            codesOf?: string;
            /** @description The order of a list's items matters. */
            ordered?: boolean;
            /** @description Of a list of groups: the field of an item that tells items apart; missing: only their places do. */
            itemKey?: string;
            /** @description Of a list of groups: the field of an item by which the page groups items. */
            groupBy?: string;
            fields?: components["schemas"]["FormField"][];
            item?: components["schemas"]["FormValue"];
        };
        /** @description Health of a connection. */
        Health: {
            /** @enum {string} */
            state: "credentials-refused" | "crm-away" | "crm-refuses" | "frozen" | "not-registered" | "not-set-up" | "off" | "ok" | "retired" | "service-away";
            /** Format: date-time */
            since: string;
            /** @description What the CRM or the service said; missing: nothing. */
            reason?: string;
            /** @description In plain English. */
            words: string;
            /** @description All that stands against it, the worst first. */
            reasons: components["schemas"]["HealthReason"][];
            /** @description Of a module of several providers. */
            providers?: components["schemas"]["ProviderHealth"][];
        };
        /** @description A change of a connection's health. */
        HealthChangeView: {
            /**
             * @description Whether the operator's webhook took it.
             * @enum {string}
             */
            state: "told" | "untold" | "waiting";
            /** @description The change's id, the same in the webhook and in lists. */
            id: string;
            /** @description Public id of the connection. */
            connection: string;
            /** @description Code of the module. */
            module: string;
            /** @description The CRM's code of the instance. */
            code: string;
            /** @description Host of the account, `demo.retailcrm.pro`. */
            account: string;
            /** @enum {string} */
            from: "credentials-refused" | "crm-away" | "crm-refuses" | "frozen" | "not-registered" | "not-set-up" | "off" | "ok" | "retired" | "service-away";
            /** @enum {string} */
            to: "credentials-refused" | "crm-away" | "crm-refuses" | "frozen" | "not-registered" | "not-set-up" | "off" | "ok" | "retired" | "service-away";
            /** @description Time since `to` is true, ISO 8601. */
            since: string;
            /**
             * Format: date-time
             * @description When the change was found, ISO 8601.
             */
            at: string;
            /** @description Description in plain English. */
            words: string;
            /** @description Error message of the CRM or the service. */
            reason?: string;
            /** @description Code of the provider whose service has changed. */
            provider?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        HealthChangeViewPage: {
            items: components["schemas"]["HealthChangeView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description How many connections are in each state; those that none is in are 0. */
        HealthCounts: {
            connections: {
                ok: number;
                off: number;
                frozen: number;
                retired: number;
                "not-registered": number;
                "crm-refuses": number;
                "not-set-up": number;
                "credentials-refused": number;
                "crm-away": number;
                "service-away": number;
            };
        };
        /** @description Why a connection is in a state. */
        HealthReason: {
            /** @enum {string} */
            state: "credentials-refused" | "crm-away" | "crm-refuses" | "frozen" | "not-registered" | "not-set-up" | "off" | "retired" | "service-away";
            /** Format: date-time */
            since: string;
            /** @description What the CRM or the service said. */
            reason?: string;
            /** @description Code of the provider whose service it is. */
            provider?: string;
            /** @description In plain English. */
            words: string;
        };
        /** @description A module that is hosted here. */
        HostedModuleReport: {
            code: string;
            name: string;
            /** @description Codes of its providers. */
            providers: string[];
            /**
             * @description `set`; `assumed`: it is missing, and a well-known one is taken outside production.
             * @enum {string}
             */
            secret: "assumed" | "set";
            /** @description The name of the variable. */
            variable: string;
            /** @description An old secret is still taken beside the new one. */
            isRotating: boolean;
            connections: number;
        };
        ImportBatchBody: {
            /**
             * @description Stores nothing and says what a run would do.
             * @default false
             */
            dryRun: boolean;
            /** @description What each holds depends on its `kind` (docs/moving-in.md). */
            lines: {
                [key: string]: unknown;
            }[];
        };
        /** @description What became of a batch. */
        ImportReply: {
            created: number;
            /** @description Were there already. */
            known: number;
            refused: number;
            /** @description One for each line, in their order. */
            items: components["schemas"]["ImportedLine"][];
        };
        /** @description What became of a file. All or nothing of it is applied. */
        ImportReport: {
            applied: boolean;
            dryRun: boolean;
            /** @description It was applied before, under the same key; the numbers are from then. */
            repeated: boolean;
            /** @description Lines read, the header not counted. */
            lines: number;
            /** @description Balances that change, and lines that change nothing. */
            changed: number;
            unchanged: number;
            newOffers: number;
            /** @description Lines that cannot be taken; the first thousand are named. */
            bad: number;
            badLines: components["schemas"]["BadLine"][];
        };
        /** @description Outcome of one line, also of a dry run. */
        ImportedLine: {
            /** @description Zero-based. */
            index: number;
            /**
             * @description `known`: the record already existed, and nothing was changed.
             * @enum {string}
             */
            outcome: "created" | "known" | "refused";
            /** @description Our id of the created or existing record. Missing in a dry run. */
            id?: string;
            /** @description Reason for the rejection, as a sentence. */
            reason?: string;
            /** @description The reason by field. */
            errors?: {
                [key: string]: string;
            };
        };
        /** @description An event of a provider. */
        InboxEventView: {
            id: string;
            connection: string;
            /** @description The provider's. */
            eventId: string;
            kind: string;
            /** @description Whose events are applied one after the other; null: it waits for none. */
            subject: string | null;
            state: components["schemas"]["InboxState"];
            attempts: number;
            lastError: string | null;
            /** Format: date-time */
            failedAt?: string;
            /** @description The operator who decided that it is never applied. */
            discardedBy?: string;
            /** Format: date-time */
            discardedAt?: string | null;
            /** @description Number of the request that brought it. */
            request: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        InboxEventViewPage: {
            items: components["schemas"]["InboxEventView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description What providers reported. */
        InboxFigures: {
            /** @description At most 10,000. */
            waiting: number;
            /** @description Set aside, at most 10,000. */
            failed: number;
        };
        /**
         * @description `pending`: to be applied; `applied`; `failed`: set aside, waits for an operator; `discarded`: by one, and never applied.
         * @enum {string}
         */
        InboxState: "applied" | "discarded" | "failed" | "pending";
        InstanceDto: {
            name: string;
        };
        /** @description An account's instances of a module, oldest first. */
        InstanceList: {
            items: components["schemas"]["InstanceView"][];
            /** @description After the page's own instance was removed: the address of another instance's page. */
            accountUrl?: string;
        };
        /** @description An instance on the account page. */
        InstanceView: {
            /** @description Public id of its connection. */
            id: string;
            /** @description The CRM's code of the instance. */
            code: string;
            /** @description The shop's name for it. Missing: the shop gave no name. */
            name?: string;
            /** @description Title in the CRM. */
            title: string;
            /**
             * @description `pending`: the CRM has not accepted its registration yet.
             * @enum {string}
             */
            state: "active" | "frozen" | "inactive" | "pending";
            /** @description Reason why the CRM did not accept its last registration. */
            problem?: string;
            /** @description Whether the open page belongs to this instance. */
            isOpen: boolean;
        };
        /**
         * @description Who called: the CRM or a provider us, or we them.
         * @enum {string}
         */
        JournalDirection: "in" | "out";
        /** @description One exchange with its bodies. */
        JournalEntryView: {
            requestBody: components["schemas"]["StoredBody"] | null;
            replyBody: components["schemas"]["StoredBody"] | null;
            direction: components["schemas"]["JournalDirection"];
            /** @description What it is about, such as `order:7`. */
            subjects: string[];
            error: string | null;
            provider: string | null;
            /** @description Null: the caller is not known here. */
            connectionId: string | null;
            /** @description Host, path and query. */
            address: string | null;
            kind: components["schemas"]["JournalKind"];
            /**
             * Format: date-time
             * @description When it began.
             */
            at: string;
            /** @description `ok`, or what went wrong in one word. */
            outcome: string;
            id: string;
            module: string | null;
            /** @description `delivery.save`, a provider's method, `orders.edit`. */
            name: string;
            verb: string | null;
            status: number | null;
            durationMs: number;
            /** @description Number of the request (`x-request-id`). */
            request: string | null;
        };
        /** @description A row without its bodies. */
        JournalHead: {
            direction: components["schemas"]["JournalDirection"];
            /** @description What it is about, such as `order:7`. */
            subjects: string[];
            error: string | null;
            provider: string | null;
            /** @description Null: the caller is not known here. */
            connectionId: string | null;
            /** @description Host, path and query. */
            address: string | null;
            kind: components["schemas"]["JournalKind"];
            /**
             * Format: date-time
             * @description When it began.
             */
            at: string;
            /** @description `ok`, or what went wrong in one word. */
            outcome: string;
            id: string;
            module: string | null;
            /** @description `delivery.save`, a provider's method, `orders.edit`. */
            name: string;
            verb: string | null;
            status: number | null;
            durationMs: number;
            /** @description Number of the request (`x-request-id`). */
            request: string | null;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        JournalHeadPage: {
            items: components["schemas"]["JournalHead"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /**
         * @description * `callback`: the CRM called a module; `webhook`: a provider did; `provider`: a provider was called; `crm`: the CRM's API was.
         * @enum {string}
         */
        JournalKind: "callback" | "crm" | "provider" | "webhook";
        /** @description A JSON object. */
        JsonObject: {
            [key: string]: components["schemas"]["JsonValue"];
        };
        /** @description Anything JSON can say. */
        JsonValue: Json;
        /** @description Sealed values of a key. */
        KeyUse: {
            /** @description The key's id: the beginning of its SHA-256. */
            id: string;
            /**
             * @description `encrypts`: the first of ENCRYPTION_KEY; `decrypts`: another one of it; `missing`: not there.
             * @enum {string}
             */
            state: "decrypts" | "encrypts" | "missing";
            /** @description Values that are encrypted with it. */
            values: number;
            /** @description The same by table and column. */
            columns: {
                [key: string]: number;
            };
        };
        /** @description A page of a list, as all of the operator API answers it. */
        KeyUsePage: {
            items: components["schemas"]["KeyUse"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description What waits for the CRM, of one kind. */
        LaneView: {
            kind: string;
            /** @description Messages that are not sent yet; at most 2,000. */
            waiting: number;
            /** @description Failed tries in a row. */
            failures: number;
            lastError?: string;
            /** Format: date-time */
            nextTryAt?: string;
        };
        /** @description The line to a connection's PBX in the operator's API. */
        LineView: {
            connection: string;
            connected: boolean;
            problem?: string;
            /** Format: date-time */
            seenAt?: string;
            leaseUntil?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        LineViewPage: {
            items: components["schemas"]["LineView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description A connection with how much is going on at it. */
        ListedConnectionView: {
            /** @description Of the shop. */
            host: string;
            id: string;
            /** @description Code of the module. */
            module: string;
            /** @description By which the CRM knows the instance. */
            code: string;
            /** @description What the shop calls the instance. */
            name: string | null;
            /** @description Of a module of several. */
            providers?: components["schemas"]["ProviderStateView"][];
            /** @description Origin of the account. */
            systemUrl: string;
            active: boolean;
            /** @description By the CRM. */
            frozen: boolean;
            /** Format: date-time */
            frozenByOperatorAt: string | null;
            /**
             * Format: date-time
             * @description Until the account connects again.
             */
            disconnectedAt: string | null;
            /** @description A trial beside another module. */
            shadow: boolean;
            health: components["schemas"]["Health"];
            /** @description Of the API key, as the CRM last said. */
            scopes: string[];
            /** @description The account's settings in the CRM. */
            account: components["schemas"]["AccountSettings"];
            /** Format: date-time */
            registeredAt: string | null;
            /** @description Why the last registration failed. */
            registrationError: string | null;
            /** @description What to do about it. */
            registrationAdvice?: string;
            /** Format: date-time */
            registrationTriedAt?: string;
            /** @description What the CRM answered to the last registration; of tokens only which there are. */
            registrationReply: components["schemas"]["RegistrationReply"] | null;
            /** @enum {string} */
            chatTokens: "none" | "set";
            /** @description What the module costs the account. */
            billingInfo: components["schemas"]["BillingInfo"] | null;
            /** @description Why the account's settings could not be read. */
            settingsError?: string;
            /** Format: date-time */
            settingsAskedAgainAt?: string | null;
            /** @description Calls at which the module's first provider refuses the credentials. */
            refusedCalls: string[];
            /** @description What was dropped because the connection had too much. */
            overload?: components["schemas"]["Overload"];
            /**
             * Format: date-time
             * @description When the account last got a notice of refused credentials.
             */
            credentialsToldAt: string | null;
            /**
             * Format: date-time
             * @description When a registration switched it on again, after the CRM had switched it off.
             */
            switchedOnAgainAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When the CRM last called, ISO 8601, written every 15 s; null: not since it is counted.
             */
            lastCallbackAt: string | null;
            /**
             * Format: date-time
             * @description When the CRM last took news, ISO 8601, written every 15 s; null: not since it is counted.
             */
            lastPushAt: string | null;
            /** @description All that failed within 24 h: the sum of `failed`. What was refused, as with a 4xx, is none. */
            failures: number;
            failed: components["schemas"]["ShopFailures"];
            /**
             * Format: date-time
             * @description When the oldest of what waits for the CRM was stored, ISO 8601; null: nothing waits.
             */
            oldestWaitingAt: string | null;
            /** @description Messages that wait for the CRM; at most 2,000 of each kind. */
            waiting: number;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        ListedConnectionViewPage: {
            items: components["schemas"]["ListedConnectionView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description A live session as operators see it. */
        ListedSession: {
            /** @description What it is ended by; its cookie cannot be told from it. */
            id: string;
            /** Format: date-time */
            beganAt: string;
            /**
             * Format: date-time
             * @description When it was last used, to the minute.
             */
            usedAt: string;
            /** @description What the browser calls itself, 200 characters at most; null: it did not say. */
            userAgent: string | null;
            /** @description It is the one that asks. */
            isCurrent: boolean;
            /**
             * Format: date-time
             * @description When it ends unless it is used before.
             */
            idleUntil: string;
            /**
             * Format: date-time
             * @description When it ends in any case.
             */
            endsAt: string;
            name: string;
            may: components["schemas"]["OperatorRights"];
            /** @description Codes of the modules that the operator is limited to; missing: all. */
            modules?: string[];
        };
        /** @description A page of a list, as all of the operator API answers it. */
        ListedSessionPage: {
            items: components["schemas"]["ListedSession"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description A text in the CRM's three languages, perhaps in others. Accounts with any other language see `en`. */
        LocalText: {
            en: string;
            es: string;
            ru: string;
        } & {
            [key: string]: string;
        };
        /** @description An item of a lookup. */
        LookupItem: {
            /** @description What the field stores: of the field's own type. */
            value: number | string;
            label: string;
            /** @description A second line: address, e-mail. */
            hint?: string;
        };
        /** @description Result of a lookup. */
        LookupResult: {
            /** @description At most 50. */
            items: components["schemas"]["LookupItem"][];
            /** @description Whether there are, or may be, more items. A longer term finds them. */
            more: boolean;
        };
        /** @description How the result is found if the reply of a call with an effect is lost. */
        LostReplyView: {
            /** @description Code of the provider. */
            provider: string;
            /**
             * @description From the provider's manifest.
             * @enum {string}
             */
            recovery: "find" | "idempotency-key" | "local" | "none";
            /** @description In English, such as `We look for the result at the service by our reference`. */
            text: string;
        };
        /** @description What the account's user must enter at the service, because the service lets nobody else do it. */
        ManualStep: {
            /** @description Shop, bot or number; missing: the account. */
            about?: string;
            /** @description To be entered there. */
            address: string;
            /** @description Names of the events to tick, as the service spells them. */
            events?: string[];
            /** @description Where: one sentence. */
            text: components["schemas"]["LocalText"];
        };
        /** @description What was done to the database's tables. */
        MigrationsReport: {
            applied: number;
            /** @description The latest. */
            last: string | null;
            /** @description That this build has and the database has not. */
            pending: string[];
            /** @description That the database has and this build does not know: of a later version. */
            unknown: string[];
        };
        /** @description A module that connections have and that is not hosted here: they are not served. */
        MissingModuleReport: {
            code: string;
            connections: number;
        };
        /** @description A module of this deployment, with the provider that stands for it. */
        ModuleView: {
            code: string;
            name: string;
            /** @description ISO 3166-1 alpha-2 codes. */
            countries: string[];
            /** @description An account may have several instances of it. */
            multiAccount: boolean;
            /** @description All its providers, where it has several. */
            providers?: components["schemas"]["ProviderView"][];
            /** @description Code of the integration, such as `delivery`. */
            integration: string;
            /** @description Code of the provider. */
            provider: string;
            /** @description To an outside service, where shops need an account, or a service of our own. */
            kind: components["schemas"]["ProviderKind"];
            /** @description The path or package that a provider from outside comes from. */
            from?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        ModuleViewPage: {
            items: components["schemas"]["ModuleView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description An exact amount: an integer number of the currency's smallest unit (kopecks, cents; yen where there is no smaller one). Numbers with a decimal point exist only on the wire. */
        Money: {
            /** @description Integer, may be negative. */
            minor: number;
            /** @description ISO 4217 code in upper case. */
            currency: string;
        };
        MovementDto: {
            /** @description Public id of the connection. */
            connection: string;
            /** @description Makes it once only: the same key again answers what was done, for other content 409. */
            key?: string;
            /**
             * @description In mode `set`, whether the quantity is the whole stock (default) or only what is not reserved.
             * @default onHand
             * @enum {string}
             */
            counts: "onHand" | "available";
            /** @description Of purchase prices; missing: the account's. */
            currency?: string;
            comment?: string;
            /**
             * @description `adjust` (default): the quantity is a change, negative for outgoing; `set`: it is the stock.
             * @default adjust
             * @enum {string}
             */
            mode: "set" | "adjust";
        };
        /** @description A movement: the change of stock and of reserved units. */
        MovementView: {
            id: string;
            kind: string;
            onHand: number;
            reserved: number;
            order?: string;
            item?: string;
            /** @description Of the import. */
            key?: string;
            comment?: string;
            line?: number;
            /** Format: date-time */
            at: string;
            /** @description Public id. */
            connection: string;
            offer: {
                /** @description Id in the CRM. */
                id?: number;
                /** @description What the CRM also says of it where it asks; not for finding it where an id above does. */
                name?: string;
                /** @description Id in the warehouse system. */
                xmlId?: string;
                /** @description Id in the shop; unique within a site. */
                externalId?: string;
                /** @description Code of the shop that `externalId` is of. */
                site?: string;
                article?: string;
                barcode?: string;
            };
            store: string;
            purchasePrice?: number;
            currency?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        MovementViewPage: {
            items: components["schemas"]["MovementView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description Something that needs somebody. */
        Need: {
            kind: components["schemas"]["NeedKind"];
            /** @description A sentence in plain English. */
            words: string;
            /** @description What the CRM, the provider or the database said, of one of them. */
            sample?: string;
            /** @description Since when the first of them has been so, ISO 8601. */
            since: string;
            /** @description Shops that have it; 0: it is of the deployment. */
            connections: number;
            /** @description Failures, or calls; left out where shops are what is counted. */
            count?: number;
            /** @description Codes of the modules. */
            modules: string[];
            /** @description The shop, where it is one. */
            connection?: {
                id: string;
                host: string;
            };
            place: components["schemas"]["NeedPlace"];
            /** @description What may end it; left out: it ends by itself, or only the shop can end it. */
            act?: components["schemas"]["NeedAct"];
        };
        /** @description An operation of this API that may end a need. */
        NeedAct: {
            /**
             * @description Its name in the API's document.
             * @enum {string}
             */
            operation: "checkConnection" | "registerConnection" | "replayFailures";
            /** @description Of its path. */
            path?: {
                id: string;
            };
            /** @description Of its query: code of the provider that is meant. */
            query?: {
                provider: string;
            };
            /** @description Its body. */
            body?: {
                what: components["schemas"]["FailureSource"];
                group: string;
            };
        };
        /**
         * @description Problems that operators have to end: - `restored`: connections are still to be compared after a restore - `standing-still`: recurring work does not run - `hanging`: a provider does not end calls after their time - a state of health: connections do not work - `waits`: messages wait for the CRM for long - `failed`: messages or events were set aside - `unknown-outcome`: the outcome of calls is unknown
         * @enum {string}
         */
        NeedKind: "credentials-refused" | "crm-away" | "crm-refuses" | "failed" | "frozen" | "hanging" | "not-registered" | "not-set-up" | "off" | "ok" | "restored" | "retired" | "service-away" | "standing-still" | "unknown-outcome" | "waits";
        /** @description Where a need is seen in full: one of the members is there. */
        NeedPlace: {
            /** @description Filter of the list of connections. */
            connections?: {
                /** @enum {string} */
                health: "credentials-refused" | "crm-away" | "crm-refuses" | "frozen" | "not-registered" | "not-set-up" | "off" | "ok" | "retired" | "service-away";
                module: string;
            };
            /** @description Messages of this kind wait: shops by what waits longest. */
            waiting?: string;
            /** @description A group of failures. */
            failures?: {
                what: components["schemas"]["FailureSource"];
                group: string;
            };
            /** @description Name of the recurring work. */
            recurring?: string;
            /**
             * @description The page of the system, with what to do after a restore.
             * @enum {boolean}
             */
            restore?: true;
            /** @description Connections of the module, whose provider does not end calls. */
            module?: string;
        };
        NewConnectionBody: {
            /** @description Sent in a header. */
            apiKey: string;
            systemUrl: string;
            /** @description The module's code. */
            module: string;
            /** @description Whether to connect a trial next to the module that the shop uses. Missing: an existing connection keeps its kind, and a new one is not a trial. */
            shadow?: boolean;
            settings?: {
                [key: string]: unknown;
            };
        };
        /** @description Yearly days off as `MM.DD`, inclusive; `end` before `start` spans New Year (reference: settings callback). */
        NonWorkingDays: {
            start: string;
            end: string;
        };
        /** @description An offer (SKU), found by `key`, else `id`, `xmlId` or `externalId` (reference: inventories/upload). */
        OfferRef: {
            /** @description The provider's own name of the offer. */
            key?: string;
            /** @description Id in the CRM. */
            id?: number;
            /** @description Id in the warehouse system. */
            xmlId?: string;
            /** @description Id in the shop; unique within a site. */
            externalId?: string;
            /** @description Code of the shop that `externalId` is of. */
            site?: string;
            /** @description What the CRM also says of it where it asks; not for finding it where an id above does. */
            name?: string;
            article?: string;
            barcode?: string;
        };
        /**
         * @description `running`: a process is at it, under a lease; `unknown`: the provider may or may not have acted, to be reconciled; `done`: has its result; `refused`: nothing was done.
         * @enum {string}
         */
        OperationState: "done" | "refused" | "running" | "unknown";
        /** @description A call with an effect on an outside service. */
        OperationView: {
            id: string;
            connection: string;
            kind: string;
            /** @description The order, delivery or shipment it is about. */
            subject: string;
            /** @description Ours, by which the provider knows the object. */
            reference: string | null;
            state: components["schemas"]["OperationState"];
            /** @description What the provider answered, by kind. */
            result: {
                [key: string]: unknown;
            } | null;
            error: string | null;
            /** @description How often an unknown outcome was looked for. */
            checks: number;
            /** @description Number of the request that it comes from. */
            request: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        OperationViewPage: {
            items: components["schemas"]["OperationView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /**
         * @description How a request showed who sends it: by a token, or by a session that a token began.
         * @enum {string}
         */
        OperatorProof: "bearer" | "session";
        /**
         * @description A right that a route needs. `view`: see everything but the export of a buyer's data. `act`: change things. `export`: export what is stored about a buyer.
         * @enum {string}
         */
        OperatorRight: "act" | "export" | "view";
        /** @description The rights of a token. Each includes `view`, and `act` does not include `export`. */
        OperatorRights: "act+export" | components["schemas"]["OperatorRight"];
        /** @description What waits for the CRM. */
        OutboxFigures: {
            /** @description At most 10,000: then it is that or more. */
            waiting: number;
            /**
             * Format: date-time
             * @description When the oldest of those that wait for a live shop was stored, ISO 8601.
             */
            oldestAt?: string;
            /** @description Set aside, at most 10,000. */
            failed: number;
        };
        /**
         * @description `pending`: to be sent; `failed`: set aside for an operator; `dropped`: superseded or too late to matter.
         * @enum {string}
         */
        OutboxState: "dropped" | "failed" | "pending" | "sent";
        /** @description News for the CRM. */
        OutboxView: {
            id: string;
            connection: string;
            kind: string;
            /** @description Id of what it is about. */
            subject: string;
            /** @description What is told, by kind. */
            payload: {
                [key: string]: unknown;
            };
            state: components["schemas"]["OutboxState"];
            attempts: number;
            lastError: string | null;
            /** @description How often the CRM refused it alone; it is tried again after what else waits. */
            refusals?: number;
            /** Format: date-time */
            refusedAt?: string | null;
            /** Format: date-time */
            failedAt?: string;
            /** @description The operator who decided that it is never sent. */
            discardedBy?: string;
            /** @description Number of the request that it comes from. */
            request: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            sentAt: string | null;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        OutboxViewPage: {
            items: components["schemas"]["OutboxView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description What an order holds at an outside warehouse, as the operator sees it. */
        OutsideReservationView: {
            connection: string;
            order: string;
            packs: components["schemas"]["Pack"][];
            documents: components["schemas"]["StoreDocument"][];
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        OutsideReservationViewPage: {
            items: components["schemas"]["OutsideReservationView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description Totals of what was dropped because a connection had too much, and when last. */
        Overload: {
            /** @description Dropped call events. */
            events: number;
            /** @description Finished calls that were not kept. */
            calls: number;
            /**
             * Format: date-time
             * @description ISO 8601.
             */
            lastAt: string;
        };
        /** @description How the whole deployment is. */
        Overview: {
            /**
             * Format: date-time
             * @description When it was read, ISO 8601; it may be some 15 s old, and its figures 15 s older.
             */
            readAt: string;
            /** @description Connections by health; states that none is in are 0. */
            connections: {
                ok: number;
                off: number;
                frozen: number;
                retired: number;
                "not-registered": number;
                "crm-refuses": number;
                "not-set-up": number;
                "credentials-refused": number;
                "crm-away": number;
                "service-away": number;
            };
            /** @description Shops that have connections: CRM accounts, each with one connection or several. */
            shopCount: number;
            outbox: components["schemas"]["OutboxFigures"];
            inbox: components["schemas"]["InboxFigures"];
            operations: {
                /** @description Of unknown outcome, at most 10,000. */
                unknown: number;
            };
            /** @description The worst first; at most 100. Failures are looked for among the last 10,000 of each kind. */
            needs: components["schemas"]["Need"][];
        };
        /** @description What an order needs of an offer from a warehouse (reference: PackDataModel). */
        Pack: {
            /** @description The order's item, empty when the CRM names none. */
            item: string;
            offer: components["schemas"]["OfferRef"];
            /** @description Code of the warehouse; missing: the provider's choice. */
            store?: string;
            /** @description Units, at most 6 digits after the point; 0 ends the reservation. */
            quantity: number;
            /** @description Of one unit. */
            purchasePrice?: components["schemas"]["Money"];
            /** @description `2026-11-24`. */
            shipmentDate?: string;
            /** @description Numbers of the shop's documents. */
            invoiceNumber?: string;
            deliveryNoteNumber?: string;
            /** @description Ids of the order's item in other systems. */
            itemExternalIds?: {
                code: string;
                value: string;
            }[];
        };
        /** @description A row that was passed over, and why. */
        PassedRow: {
            /** @description Its place in the table, from 0. */
            row: number;
            why: string;
        };
        /** @description A payment with its refunds, history and links. */
        PaymentDetails: {
            payUrl?: string;
            refundable: number;
            refunds: {
                id: string;
                externalId?: string;
                amount: number;
                status: string;
                comment?: string;
                /** Format: date-time */
                createdAt: string;
            }[];
            history: {
                code: string;
                /** Format: date-time */
                at: string;
                moved: boolean;
                amount?: number;
                refundId?: string;
                comment?: string;
            }[];
            id: string;
            /** @description The CRM's `paymentId` if another module made the payment. */
            crmId?: string;
            connection: string;
            invoiceUuid: string;
            order?: string;
            orderNumber?: string;
            shop: string;
            capture: string;
            externalId?: string;
            status: string;
            /** Format: date-time */
            statusAt: string;
            currency: string;
            amount: number;
            /** @description Discount granted by the gateway. */
            discount?: number;
            held?: number;
            captured?: number;
            /** Format: date-time */
            paidAt?: string;
            /** Format: date-time */
            expiresAt?: string;
            cancellation?: string;
            /** @description Chargebacks: payments that the buyer disputes at the bank. Left out if there are none. */
            disputes?: {
                externalId: string;
                status: string;
                amount?: number;
                reason?: string;
                since: string;
            }[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description A payment in the operator's API. Amounts are in `currency`. */
        PaymentView: {
            id: string;
            /** @description The CRM's `paymentId` if another module made the payment. */
            crmId?: string;
            connection: string;
            invoiceUuid: string;
            order?: string;
            orderNumber?: string;
            shop: string;
            capture: string;
            externalId?: string;
            status: string;
            /** Format: date-time */
            statusAt: string;
            currency: string;
            amount: number;
            /** @description Discount granted by the gateway. */
            discount?: number;
            held?: number;
            captured?: number;
            /** Format: date-time */
            paidAt?: string;
            /** Format: date-time */
            expiresAt?: string;
            cancellation?: string;
            /** @description Chargebacks: payments that the buyer disputes at the bank. Left out if there are none. */
            disputes?: {
                externalId: string;
                status: string;
                amount?: number;
                reason?: string;
                since: string;
            }[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        PaymentViewPage: {
            items: components["schemas"]["PaymentView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /**
         * @description What a rule made of a carrier's price; `currency`: nothing, because its sums are in another.
         * @enum {string}
         */
        PriceChange: "changed" | "currency" | "free" | "none";
        /** @description How a provider's service is, of a module of several. */
        ProviderHealth: {
            provider: string;
            /** @enum {string} */
            state: "credentials-refused" | "crm-away" | "crm-refuses" | "frozen" | "not-registered" | "not-set-up" | "off" | "ok" | "retired" | "service-away";
            /** Format: date-time */
            since: string;
            words: string;
        };
        /**
         * @description An adapter to an outside service, where shops need an account, or a service of our own.
         * @enum {string}
         */
        ProviderKind: "adapter" | "service";
        /** @description Credentials of one provider of a combined module. */
        ProviderStateView: {
            provider: string;
            integration: string;
            /** @description Calls at which it refuses the credentials. */
            refusedCalls: string[];
            /**
             * Format: date-time
             * @description When the account last got a notice of that.
             */
            credentialsToldAt: string | null;
        };
        /** @description A provider of a module. */
        ProviderView: {
            /** @description Code of the integration, such as `delivery`. */
            integration: string;
            /** @description Code of the provider. */
            provider: string;
            /** @description To an outside service, where shops need an account, or a service of our own. */
            kind: components["schemas"]["ProviderKind"];
            /** @description The path or package that a provider from outside comes from. */
            from?: string;
        };
        /** @description Jobs of one queue. */
        QueueReport: {
            name: string;
            waiting: number;
            active: number;
            delayed: number;
        };
        /** @description A delivery, payment or call as its shop sees it. */
        RecentView: {
            /** @enum {string} */
            kind: "call" | "delivery" | "dialogue" | "order" | "payment";
            id: string;
            title: string;
            /** @description In words. */
            state: string;
            tone: components["schemas"]["Tone"];
            /**
             * Format: date-time
             * @description Of the state.
             */
            at: string;
        };
        ReconcileStocksDto: {
            /**
             * @description Nothing is sent to the CRM.
             * @default false
             */
            dryRun: boolean;
        };
        /** @description A comparison of one connection, as far as it has come. */
        ReconciliationView: {
            id: string;
            connection: string;
            /** @enum {string} */
            state: "done" | "failed" | "running";
            /** @description What is being compared now. */
            comparing?: string;
            /** @description Things compared so far. */
            checked: number;
            /** @description Those of them that differ. */
            differed: number;
            /** @description Things that only one side knows, and that are counted only. */
            unknown: number;
            /** @description Kinds that it mends by itself, and how many differences it has mended. */
            mends: string[];
            mended: number;
            /** @description What could not be compared, and why. */
            omitted?: string;
            /** @description Why the last try failed. */
            problem?: string;
            /**
             * Format: date-time
             * @description When it is tried again after that.
             */
            triedAgainAt?: string;
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            endedAt?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        ReconciliationViewPage: {
            items: components["schemas"]["ReconciliationView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description Work that recurs by itself. */
        RecurringReport: {
            name: string;
            everySeconds: number;
            /**
             * Format: date-time
             * @description When it began last, ISO 8601; null: it has not begun, or the queue does not know it.
             */
            lastAt: string | null;
            /**
             * Format: date-time
             * @description When it begins next, ISO 8601; null: the queue does not know it.
             */
            nextAt: string | null;
            /** @description By how much the next run is overdue. */
            lateSeconds: number;
            /** @description How its last run that is written ended; left out: none is. */
            last?: {
                /** Format: date-time */
                endedAt: string;
                ms: number;
                /** @enum {string} */
                outcome: "failed" | "ok";
                problem?: string;
            };
            /** @description When a run failed last, and why; left out: none has. */
            failure?: {
                /** Format: date-time */
                at: string;
                problem: string;
            };
        };
        /** @description What a bad file is answered with: the contract's error, and the report. */
        RefusedImport: {
            /** @enum {boolean} */
            success: false;
            errorMsg: string;
            applied: boolean;
            dryRun: boolean;
            /** @description It was applied before, under the same key; the numbers are from then. */
            repeated: boolean;
            /** @description Lines read, the header not counted. */
            lines: number;
            /** @description Balances that change, and lines that change nothing. */
            changed: number;
            unchanged: number;
            newOffers: number;
            /** @description Lines that cannot be taken; the first thousand are named. */
            bad: number;
            badLines: components["schemas"]["BadLine"][];
        };
        /** @description What the CRM answered to a registration, without secrets. Empty members are left out. */
        RegistrationReply: {
            /** @description Code of the delivery type that stands for the module. */
            deliveryType?: string;
            mgTransport?: components["schemas"]["ChatEndpoint"];
            mgBot?: components["schemas"]["ChatEndpoint"];
            /** @description Users in the registration whom the account does not have. */
            unknownUsers?: number[];
            /** @description Sites in the registration that the account does not have. */
            unknownSites?: string[];
            billingInfo?: components["schemas"]["BillingInfo"];
        };
        ReplayDto: {
            ids?: string[];
            connection?: string;
        };
        /** @description What a replay did to one event. */
        ReplayedEvent: {
            id: string;
            /** @enum {string} */
            outcome: "not-failed" | "not-found" | "queued";
            /** @description Why it is not in line. */
            reason?: string;
        };
        /** @description What a replay did. */
        ReplayedEventReplayed: {
            /** @description How many are back in line. */
            replayed: number;
            /** @description What was done to each: `outcome` and, where it is not back in line, `reason`. */
            items: components["schemas"]["ReplayedEvent"][];
        };
        /** @description A replay's result: requeued, dropped since a newer row was sent, or unchanged (`not-failed`, `not-found`). */
        ReplayedRow: {
            id: string;
            /** @enum {string} */
            outcome: "dropped" | "not-failed" | "not-found" | "queued";
            /** @description Why it is not in line. */
            reason?: string;
        };
        /** @description What a replay did. */
        ReplayedRowReplayed: {
            /** @description How many are back in line. */
            replayed: number;
            /** @description What was done to each: `outcome` and, where it is not back in line, `reason`. */
            items: components["schemas"]["ReplayedRow"][];
        };
        /** @description The result of a batch of reports. */
        ReportOutcome: {
            /** @description Taken, those of `notSent` included. */
            accepted: number;
            rejected: {
                index: number;
                error: string;
            }[];
            /** @description Accepted, but not sent to the CRM. */
            notSent: {
                index: number;
                reason: string;
            }[];
        };
        /** @description What an order holds of an offer in a warehouse, and what has left for it. */
        ReservationView: {
            order: string;
            item?: string;
            quantity: number;
            shipped: number;
            shipmentDate?: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Public id. */
            connection: string;
            offer: {
                /** @description Id in the CRM. */
                id?: number;
                /** @description What the CRM also says of it where it asks; not for finding it where an id above does. */
                name?: string;
                /** @description Id in the warehouse system. */
                xmlId?: string;
                /** @description Id in the shop; unique within a site. */
                externalId?: string;
                /** @description Code of the shop that `externalId` is of. */
                site?: string;
                article?: string;
                barcode?: string;
            };
            store: string;
            purchasePrice?: number;
            currency?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        ReservationViewPage: {
            items: components["schemas"]["ReservationView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /**
         * @description How a restore was recognized. `operator`: an operator marked it.
         * @enum {string}
         */
        RestoreReason: "another-cluster" | "another-table" | "another-timeline" | "operator";
        /** @description The last restore of the database, as operators see it. */
        RestoreView: {
            /**
             * Format: date-time
             * @description ISO 8601; null: this database was not restored.
             */
            restoredAt: string | null;
            reason: components["schemas"]["RestoreReason"] | null;
            /** @description Number of connections whose comparison since then is done and has no open differences. */
            compared: number;
            /** @description Number of live connections that are to be compared. The gap is closed at 0. */
            remaining: number;
        };
        /** @description What the rules choose for an order. */
        RuleVerdict: {
            /** @description Place of the row that fits, from 0; null: none does, and the settings hold as they are. */
            row: number | null;
            /** @description Names; null: that of the settings. */
            contract: string | null;
            sender: string | null;
            passed: components["schemas"]["PassedRow"][];
        };
        /** @description What rules do with a sample order. */
        RulesPreview: {
            /** @description When the CRM asks for prices. */
            quoted: {
                /** @description Place of the row that fits, from 0; null: none does, and the settings hold as they are. */
                row: number | null;
                /** @description Names; null: that of the settings. */
                contract: string | null;
                sender: string | null;
                passed: components["schemas"]["PassedRow"][];
                tariffs: components["schemas"]["TariffPreview"][];
            };
            /** @description When it saves the delivery. */
            saved: components["schemas"]["RuleVerdict"];
        };
        /** @description Rules as shown on a page. */
        RulesView: {
            /** @description The form of the rules. */
            schema: components["schemas"]["SettingsForm"];
            /** @description The form of a sample for the preview. */
            sample: components["schemas"]["SettingsForm"];
            /** @description Secrets are replaced by whether they are set. */
            values: unknown;
        };
        /**
         * @description Kinds of things that a search finds.
         * @enum {string}
         */
        SearchHitKind: "call" | "connection" | "delivery" | "dialogue" | "event" | "exchange" | "message" | "operation" | "order" | "payment";
        /** @description Something that a search found. */
        SearchHitView: {
            kind: components["schemas"]["SearchHitKind"];
            id: string;
            /** @description Id of the connection. */
            connection: string;
            /** @description Host of the shop; missing: the connection is gone. */
            host?: string;
            /** @description Code of its module; missing: the connection is gone. */
            module?: string;
            /** @description What it is, such as `Delivery of order 7C`. */
            title: string;
            state: string;
            /**
             * Format: date-time
             * @description When its state changed, or it came about.
             */
            at: string;
            /** @description What was found by, such as `track number`. */
            matched: string;
            /** @description Address of its story in the operator API. */
            story?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        SearchHitViewPage: {
            items: components["schemas"]["SearchHitView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /**
         * @description What stands at the service. `unset`: nothing was tried yet; `failed`: it is tried again.
         * @enum {string}
         */
        ServiceState: "conflict" | "connected" | "failed" | "manual" | "removed" | "unset";
        /** @description The setup of a connection at its provider, as shown on pages. Texts are in the account's language. */
        ServiceView: {
            state: components["schemas"]["ServiceState"];
            /** @description Check of the stored settings. Missing: the provider has no check, or it has not run yet. */
            check?: components["schemas"]["CheckView"];
            /** @description Set-ups of other programs at the service. They are replaced only with consent. */
            conflict?: components["schemas"]["Conflict"][];
            /** @description Steps that the account's user has to take at the service. */
            manual?: {
                /** @description To be entered there. */
                address: string;
                /** @description Shop, bot or number; missing: the account. */
                about?: string;
                /** @description Names of the events to tick, as the service spells them. */
                events?: string[];
                text: string;
            }[];
            warnings?: {
                [key: string]: string;
            };
            /** @description Reason why the last try failed. It is repeated. */
            problem?: string;
            /**
             * Format: date-time
             * @description Time of the last change, ISO 8601. Missing: there was no try yet.
             */
            at?: string;
        };
        SessionView: components["schemas"]["SignedInView"] | components["schemas"]["SignedOutView"];
        /** @description The account page's form, fields in the order of the class. */
        SettingsForm: {
            fields: components["schemas"]["FormField"][];
            /** @description Those that fields are in, in the order of the page. */
            sections: components["schemas"]["FormSection"][];
        };
        /** @description Settings as shown on a page. */
        SettingsView: {
            /** @description The form, and the titles of the provider's presets, if there are any. */
            schema: {
                fields: components["schemas"]["FormField"][];
                /** @description Those that fields are in, in the order of the page. */
                sections: components["schemas"]["FormSection"][];
                presets?: {
                    title: components["schemas"]["LocalText"];
                }[];
            };
            /** @description Secrets are replaced by whether they are set. */
            values: unknown;
            /** @description For a brief reading: the version of these settings, valid until others are saved. */
            version?: string;
            /** @description Warnings about stored addresses, by path, in the account's language. */
            warnings?: {
                [key: string]: string;
            };
            /** @description Description of the abilities that these settings do not allow yet, in the account's language. */
            missing?: string;
            /** @description The set-up at the service. Missing: the provider neither checks nor connects. */
            service?: components["schemas"]["ServiceView"];
            /** @description For a module of several providers: code of the provider that these settings belong to. */
            provider?: string;
            /** @description For a module of several providers: all of them. */
            providers?: {
                code: string;
                integration: string;
                title: string;
            }[];
        };
        ShipmentDto: {
            connection: string;
            /** @description The order's id in the CRM. */
            order: string;
        };
        /** @description What failed of a shop within 24 h, told apart. `callback`, `webhook`: answered with a 5xx, as somebody was away, too slow or broken, whatever was asked for; written every 15 s. `outbox`, `inbox`: messages and events that were set aside and still are; `operations`: calls of unknown outcome; 1,000 of each at most. */
        ShopFailures: {
            callback: number;
            webhook: number;
            outbox: number;
            inbox: number;
            operations: number;
        };
        SignInDto: {
            /** @description The operator's token; may be sent as `Authorization: Bearer ...` instead. */
            token?: string;
        };
        /** @description Who is signed in. */
        SignedInView: {
            /** @enum {boolean} */
            signedIn: true;
            /** @description Name of the operator. */
            name: string;
            /** @description What the operator may do. */
            may: components["schemas"]["OperatorRights"];
            /** @description Codes of the modules that the operator is limited to; missing: all. */
            modules?: string[];
            /**
             * Format: date-time
             * @description When the session ends unless it is used before.
             */
            idleUntil: string;
            /**
             * Format: date-time
             * @description When it ends in any case.
             */
            endsAt: string;
        };
        /** @description Nobody is signed in. */
        SignedOutView: {
            /** @enum {boolean} */
            signedIn: false;
        };
        /** @description How far an account was read and counted. */
        SourceView: {
            connection: string;
            /** @description Last entry of the orders' history that was applied. */
            orderSince: number;
            productSince: number;
            orders: number;
            products: number;
            /** @description Orders that wait to be read themselves. */
            waiting: number;
            /** @description It is being read, or is to be read as soon as it has its turn. */
            pending: boolean;
            ordersCounted: number;
            /** Format: date-time */
            readAt?: string;
            /** Format: date-time */
            countedAt?: string;
            /** Format: date-time */
            dueAt: string;
            failures: number;
            lastError?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        SourceViewPage: {
            items: components["schemas"]["SourceView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        StatusReportDto: {
            deliveryId: string;
            /** @description Of the provider's status list. */
            code: string;
            /** @description ISO 8601, without a zone in the account's own; missing: now. */
            updatedAt?: string;
            comment?: string;
            /** @description In the delivery's currency. */
            cost?: number;
            trackNumber?: string;
        };
        /** @description What differs of an offer in one warehouse. */
        StockDifference: {
            offer: components["schemas"]["OfferRef"];
            store: string;
            /** @description Missing: it knows of no stock there. */
            crm?: components["schemas"]["BelievedStock"];
            warehouse: components["schemas"]["BelievedStock"];
        };
        StockLineDto: {
            id?: number;
            xmlId?: string;
            externalId?: string;
            site?: string;
            store?: string;
            quantity?: number;
            purchasePrice?: number;
        };
        /** @description Until where a connection's warehouse was asked for changed stock. */
        StockNewsView: {
            /** @description Missing: it was not asked yet. */
            cursor?: string;
            /**
             * Format: date-time
             * @description When it is asked next.
             */
            dueAt: string;
            /** @description Why the last question failed. */
            problem?: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description A comparison of what the CRM believes with what a warehouse says. */
        StockReconciliationView: {
            id: string;
            /** @enum {string} */
            state: "done" | "failed" | "running";
            dryRun: boolean;
            /** @description Offers compared so far. */
            checked: number;
            /** @description Those of them that differ. */
            differed: number;
            /** @description Offers of the CRM that the warehouse does not know. */
            unknown: number;
            /** @description The first 100. */
            differences: components["schemas"]["StockDifference"][];
            problem?: string;
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            endedAt?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        StockReconciliationViewPage: {
            items: components["schemas"]["StockReconciliationView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description A balance; `available` is the unreserved stock. */
        StockView: {
            onHand: number;
            reserved: number;
            available: number;
            /** Format: date-time */
            updatedAt: string;
            /** @description Public id. */
            connection: string;
            offer: {
                /** @description Id in the CRM. */
                id?: number;
                /** @description What the CRM also says of it where it asks; not for finding it where an id above does. */
                name?: string;
                /** @description Id in the warehouse system. */
                xmlId?: string;
                /** @description Id in the shop; unique within a site. */
                externalId?: string;
                /** @description Code of the shop that `externalId` is of. */
                site?: string;
                article?: string;
                barcode?: string;
            };
            store: string;
            purchasePrice?: number;
            currency?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        StockViewPage: {
            items: components["schemas"]["StockView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description A document of the service about an order. */
        StoreDocument: {
            /** @description The service's id. */
            id: string;
            /** @description As people know it. */
            number?: string;
            /** @description Where people see it. */
            url?: string;
        };
        /** @description A body in the journal. */
        StoredBody: {
            /** @description Content type, without parameters. */
            type: string;
            /** @description Bytes of what was sent; left out where it is not known. */
            size?: number;
            /** @description The document with all masked that is not known to be harmless; XML as a text. Missing for what is no JSON, form or XML: a PDF, a recording. */
            content?: unknown;
            /**
             * @description True: there was more.
             * @enum {boolean}
             */
            cut?: true;
        };
        /** @description All that is known of one thing, on one line of time. */
        Story: {
            /** @enum {string} */
            kind: "call" | "delivery" | "dialogue" | "order" | "payment";
            id: string;
            title: string;
            /** @description The connection that it belongs to. */
            connection: {
                id: string;
                /** @description Of the shop. */
                host: string;
                module: string;
                providers: string[];
                /** @description Why it does not work; missing: it does. */
                stopped?: string;
            };
            /** @description What it is about; of an order all that was made for it. */
            things: components["schemas"]["StoryHead"][];
            /** @description What waits, what was not done, and why, in whole sentences. */
            waiting: string[];
            /** @description What an operator can do about it. */
            nextSteps: string[];
            /** @description In the order of their times. */
            events: components["schemas"]["StoryEvent"][];
            /** @description Older events that are not shown. */
            omitted?: number;
        };
        /** @description Something that happened. */
        StoryEvent: {
            /** Format: date-time */
            at: string;
            source: components["schemas"]["StorySource"];
            /** @description A sentence. */
            title: string;
            outcome: components["schemas"]["StoryOutcome"];
            /** @description Facts of it: ids, codes, times, the text of an error. */
            details: {
                [key: string]: boolean | number | string;
            };
            /** @description Number of the request. */
            request?: string;
            /** @description Id of its row in the journal, where the bodies are. */
            journal?: string;
            /** @description What failed and may be replayed, as the list of failures names it. */
            failure?: {
                what: components["schemas"]["FailureSource"];
                id: string;
            };
        };
        /** @description One thing that a story is about. */
        StoryHead: {
            /** @enum {string} */
            kind: "call" | "delivery" | "dialogue" | "order" | "payment";
            id: string;
            /** @description What it is, such as `Delivery of order 7C`. */
            title: string;
            /** @description Its state now, and since when. */
            state: string;
            /** Format: date-time */
            stateAt: string;
            /** @description By which it is known where, by a name in plain English. */
            ids: {
                [key: string]: string;
            };
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * @description `waiting`: it goes on by itself; `unknown`: nobody can say yet whether it had an effect.
         * @enum {string}
         */
        StoryOutcome: "failed" | "ok" | "unknown" | "waiting";
        /**
         * @description Where an event of a story is known from.
         * @enum {string}
         */
        StorySource: "callback" | "crm" | "operation" | "outbox" | "poll" | "provider" | "reconciliation" | "state" | "webhook";
        /** @description What the deployment runs on and hosts. */
        SystemReport: {
            modules: components["schemas"]["HostedModuleReport"][];
            missingModules: components["schemas"]["MissingModuleReport"][];
            /** @description Whether the database was restored, and how far the comparison is. */
            restore: components["schemas"]["RestoreView"];
            versions: components["schemas"]["VersionsReport"];
            migrations: components["schemas"]["MigrationsReport"];
            queues: {
                /** @enum {string} */
                backend: "PostgreSQL" | "Redis";
                /** @description Why nothing is known of them. */
                problem?: string;
                items: components["schemas"]["QueueReport"][];
            };
            recurring: components["schemas"]["RecurringReport"][];
            /** @description What this process was warned of at its start: variables that look like misspelt settings. */
            warnings: string[];
        };
        /** @description A tariff of the preview; amounts in major units. */
        TariffPreview: {
            code: string;
            name: string;
            type: string;
            currency?: string;
            /** @description The carrier's. */
            price?: number;
            /** @description What the buyer is shown. */
            cost?: number;
            change: components["schemas"]["PriceChange"];
            why: string;
        };
        /**
         * @description `stopped`: by an operator; what it had done stays. `failed`: given up after several tries.
         * @enum {string}
         */
        TaskState: "done" | "failed" | "running" | "stopped";
        /** @description Long work that an operator started, as far as it has come. */
        TaskView: {
            id: string;
            /** @description Such as `failures.replay`. */
            kind: string;
            /** @description What it does, in words. */
            title: string;
            /** @description What it was asked to do. */
            input: {
                [key: string]: unknown;
            };
            /** @description `stopped`: by an operator; `failed`: given up after ten tries. */
            state: components["schemas"]["TaskState"];
            /** @description Things done so far. */
            done: number;
            /** @description All things that it has to do, once that is known. */
            total?: number;
            /** @description How many of the things done ended how, by outcome. */
            result: {
                [key: string]: number;
            };
            /** @description Why the last try failed. */
            problem?: string;
            /**
             * Format: date-time
             * @description When it is tried again after that.
             */
            triedAgainAt?: string;
            /** @description Name of the operator who started it. */
            startedBy: string;
            /** @description Number of the request that started it. */
            request?: string;
            /** Format: date-time */
            startedAt: string;
            /**
             * Format: date-time
             * @description When its progress changed last.
             */
            updatedAt: string;
            /** Format: date-time */
            endedAt?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        TaskViewPage: {
            items: components["schemas"]["TaskView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /**
         * @description How something went, or goes.
         * @enum {string}
         */
        Tone: "failed" | "ok" | "waiting";
        /** @description Progress of a trial that an account makes from its page, such as a test payment. */
        TrialView: {
            /** @description Where the account's user continues, for a day. Missing: no trial was started, or it is done. */
            url?: string;
            isDone: boolean;
        };
        /** @description A webhook that could not be read. */
        UnreadableSample: {
            /**
             * Format: date-time
             * @description ISO 8601.
             */
            at: string;
            /** @description Why it cannot be read. */
            problem: string;
            /** @description Bytes. */
            size: number;
            /** @description The document with all masked that is not known to be harmless, or the beginning of a text. */
            body: unknown;
        };
        /** @description Webhooks of a connection that were acknowledged but could not be read. */
        UnreadableWebhooks: {
            /** @description All so far. */
            count: number;
            /** Format: date-time */
            lastAt: string | null;
            /** @description The last 20, the newest first. */
            samples: components["schemas"]["UnreadableSample"][];
        };
        /** @description What runs. */
        VersionsReport: {
            build: string;
            /** @description Of the source; left out: the build does not say. */
            commit?: string;
            node: string;
            postgresql: string;
            /** @description Left out: the queues are in PostgreSQL, or it does not answer. */
            redis?: string;
        };
        /** @description A visitor as the operator sees him: what is stored, without pages. */
        VisitorView: {
            id: string;
            chats: string[];
            users: string[];
            visits: number;
            firstSeen: string;
            lastSeen: string;
            lang?: string;
            browser?: string;
            os?: string;
            country?: string;
            city?: string;
        };
        /** @description A page of a list, as all of the operator API answers it. */
        VisitorViewPage: {
            items: components["schemas"]["VisitorView"][];
            /** @description Of all pages. */
            total: number;
            /**
             * @description True: `total` is above 5,000 and estimated.
             * @enum {boolean}
             */
            totalIsEstimate?: true;
            /** @description The `cursor` of the next page; left out on the last one. */
            nextCursor?: string;
        };
        /** @description Result of sending a message. */
        WebhookTrial: {
            /** @description Whether the receiver responded with 2xx. */
            taken: boolean;
            /** @description HTTP status. Missing: there was no response. */
            status?: number;
            /** @description Reason why the message was not accepted, in plain words. */
            problem?: string;
            /** @description Milliseconds until the response. */
            tookMs: number;
        };
        /**
         * @description Days of the week as the account's work times name them.
         * @enum {string}
         */
        Weekday: "Friday" | "Monday" | "Saturday" | "Sunday" | "Thursday" | "Tuesday" | "Wednesday";
        /** @description A weekday's working hours, `HH:MM` in the account's zone. If any entry exists, other weekdays are days off. */
        WorkTime: {
            day: components["schemas"]["Weekday"];
            start: string;
            end: string;
            lunchStart?: string;
            lunchEnd?: string;
        };
    };
    responses: {
        /** @description The request is wrong; `errors` names the fields. */
        Error400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorAnswer"];
            };
        };
        /** @description The token is missing, wrong or too old. */
        Error401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorAnswer"];
            };
        };
        /** @description Who asks may not do this. */
        Error403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorAnswer"];
            };
        };
        /** @description There is no such thing, or it is somebody else’s. */
        Error404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorAnswer"];
            };
        };
        /** @description It cannot be done in the state that the thing is in. */
        Error409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorAnswer"];
            };
        };
        /** @description Too many wrong attempts or requests from this address. */
        Error429: {
            headers: {
                /** @description Seconds to wait, where known. */
                "retry-after"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorAnswer"];
            };
        };
        /** @description The outside service or the CRM cannot be used just now; the request had no effect. */
        Error502: {
            headers: {
                /** @description Seconds to wait, where known. */
                "retry-after"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorAnswer"];
            };
        };
        /** @description There is too much to do, or the database cannot be used just now. */
        Error503: {
            headers: {
                /** @description Seconds to wait, where known. */
                "retry-after"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorAnswer"];
            };
        };
        /** @description The outside service did not answer in time: whether the request had an effect is being found out. */
        Error504: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorAnswer"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
        };
    };
    readReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The Health Check is successful */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status?: "ok" | "degraded";
                        info?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        error?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        details?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            /** @description While it cannot work, and when the process is about to end */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    readMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    readActivity: {
        parameters: {
            query?: {
                /** @description Hours until now, a day when left out. */
                hours?: number;
                /** @description Public id of the connection; all when left out. */
                connection?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityReport"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description For a connection that is not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listAuditEntries: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Name of the operator. */
                operator?: string;
                /** @description Id of the connection that the act was about. */
                connection?: string;
                /** @description Number of the request (`x-request-id`). */
                request?: string;
                /** @description HTTP status of the answer. */
                status?: number;
                /** @description The first instant. */
                from?: string;
                /** @description The instant after the last. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntryViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listCalls: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description The customer's number in E.164. */
                phone?: string;
                code?: string;
                /** @description Public id of the connection. */
                connection?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listConnections: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                module?: string;
                /** @description By which the CRM knows the instance. */
                code?: string;
                /** @description `true`: trials alone; `false`: without them. */
                shadow?: boolean;
                health?: "off" | "frozen" | "retired" | "not-registered" | "crm-refuses" | "not-set-up" | "credentials-refused" | "crm-away" | "service-away" | "ok";
                /** @description `true`: those of which something failed within 24 h (`failures`); `false`: the others. */
                failing?: boolean;
                /** @description A part of the shop's host, in any case. */
                host?: string;
                /** @description By what they are sorted; left out: the latest first. `state`: the worse the greater. */
                sort?: "host" | "state" | "lastCallback" | "lastPush" | "failures" | "oldestWaiting";
                /** @description `asc` when left out. */
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedConnectionViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    addConnection: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewConnectionBody"];
            };
        };
        responses: {
            /** @description It was connected already, and has the new key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddedConnectionView"];
                };
            };
            /** @description It is connected. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddedConnectionView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionDetails"] | components["schemas"]["ErasedConnectionView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    eraseConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureBegun"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    exportBuyer: {
        parameters: {
            query?: {
                phone?: string;
                email?: string;
                customer?: string;
            };
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuyerExport"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    eraseBuyer: {
        parameters: {
            query?: {
                phone?: string;
                email?: string;
                customer?: string;
            };
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuyerErasure"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listChannels: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelsView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    checkConnection: {
        parameters: {
            query?: {
                provider?: string;
            };
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckOutcome"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    connectService: {
        parameters: {
            query?: {
                provider?: string;
            };
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ConnectDto"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            /** @description While it is being set up already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    disconnectConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    freezeConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    goLiveWithConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionDetails"] | components["schemas"]["ErasedConnectionView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    lookUpForConnection: {
        parameters: {
            query?: {
                provider?: string;
                term?: string;
            };
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
                /** @description Name of what is asked for. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookupResult"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    registerConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readConnectionRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    saveConnectionRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    previewConnectionRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesPreview"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readConnectionSettings: {
        parameters: {
            query?: {
                provider?: string;
            };
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    saveConnectionSettings: {
        parameters: {
            query?: {
                provider?: string;
            };
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readStockChanges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockNewsView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    reconcileStocks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReconcileStocksDto"];
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockReconciliationView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            /** @description While one runs */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listStockReconciliations: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockReconciliationViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    unfreezeConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readUnreadableWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnreadableWebhooks"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listOrderSources: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    readOrderSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Public id of the connection. */
                connection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    readOrdersNow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Public id of the connection. */
                connection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description The order's id or number in the CRM. */
                order?: string;
                status?: string;
                /** @description Public id of the connection. */
                connection?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    reportDeliveryStatuses: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatusReportDto"][];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportOutcome"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryDetails"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listDialogues: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection?: string;
                /** @description The customer's id at the messenger. */
                customer?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DialogueViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listDifferences: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection?: string;
                /** @description Such as `delivery.cost`. */
                kind?: string;
                state?: "open" | "dismissed" | "mended" | "gone";
                /** @description Id of the delivery or payment, or the offer and its warehouse. */
                subject?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DifferenceViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    dismissDifference: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DifferenceView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            /** @description For one that is closed */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    mendDifference: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DifferenceView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listFailureGroups: {
        parameters: {
            query?: {
                /** @description `outbox`: messages to the CRM; `inbox`: events of providers; `operations`: calls of unknown outcome. */
                what?: "outbox" | "inbox" | "operations";
                /** @description Such as `delivery.tracking`. */
                kind?: string;
                /** @description Public id of the connection. */
                connection?: string;
                /** @description Code of the module. */
                module?: string;
                /** @description That failed at this time or later, ISO 8601. */
                from?: string;
                /** @description That failed before. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailureGroupViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    discardFailures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FailureChoiceDto"];
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            /** @description While the same is under way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    replayFailures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FailureChoiceDto"];
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            /** @description While the same is under way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listFailures: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection?: string;
            };
            header?: never;
            path: {
                /** @description The rest of the address. */
                what: string;
                /** @description The rest of the address. */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailureViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    countConnectionsByHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthCounts"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listHealthChanges: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection?: string;
                /** @description What the connection came to. */
                to?: "off" | "frozen" | "retired" | "not-registered" | "crm-refuses" | "not-set-up" | "credentials-refused" | "crm-away" | "service-away" | "ok";
                /** @description `waiting`: the operator's webhook has not taken it yet; `untold`: there was none, or it took nothing for days. */
                state?: "waiting" | "told" | "untold";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthChangeViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    importConnections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportBatchBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReply"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listInbox: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection?: string;
                state?: "pending" | "applied" | "failed" | "discarded";
                kind?: string;
                /** @description Number of the request that brought it (`x-request-id`). */
                request?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InboxEventViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    replayInbox: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReplayDto"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayedEventReplayed"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    replayInboxEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayedEventReplayed"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            /** @description For one that is not set aside */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listJournal: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection?: string;
                /** @description Such as `order:7`, `delivery:1`, `payment:1`, `call:1`, `offer:1`, `dialogue:1`; several separated by commas. */
                subject?: string;
                /** @description Number of a request (`x-request-id`); with `subject` rows of either. */
                request?: string;
                /** @description A phone in a body; best with the code of its country. */
                phone?: string;
                /** @description Code of the module. */
                module?: string;
                /** @description Code of the provider. */
                provider?: string;
                kind?: "callback" | "webhook" | "provider" | "crm";
                /** @description `in`: the CRM or a provider called; `out`: they were called. */
                direction?: "in" | "out";
                /** @description `delivery.save`, a provider's method, `orders.edit`. */
                name?: string;
                /** @description `ok`, `failed` (all others), `broken` (of those, what nobody refused: somebody was away, too slow or broken), or one such as `refused`, `unavailable`, `unknown_outcome`. */
                outcome?: string;
                /** @description Not before this time (ISO 8601). */
                from?: string;
                /** @description Before this time (ISO 8601). */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JournalHeadPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    readJournalEntry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JournalEntryView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listEncryptionKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyUsePage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    reEncrypt: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            /** @description While it runs already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listenToChanges: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description While too many listen */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            503: components["responses"]["Error503"];
        };
    };
    listModules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModuleViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listOperations: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                connection?: string;
                state?: "running" | "unknown" | "done" | "refused";
                kind?: string;
                /** @description The order, delivery or shipment it is about. */
                subject?: string;
                /** @description Number of the request that it comes from (`x-request-id`). */
                request?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    releaseOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            /** @description For one whose outcome is known */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    reconcileOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    endSessionsOfOperator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of what is asked for. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndedSessionsView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listOutbox: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection?: string;
                state?: "pending" | "sent" | "failed" | "dropped";
                kind?: string;
                /** @description Id of the delivery. */
                subject?: string;
                /** @description Number of the request that it comes from (`x-request-id`). */
                request?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    replayOutbox: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReplayDto"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayedRowReplayed"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    replayOutboxEntry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayedRowReplayed"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            /** @description For one that is not set aside, or that a newer one has overtaken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listOutsideReservations: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection?: string;
                /** @description Id of the order in the CRM, else its shop and id there as `shop/id`. */
                order?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutsideReservationViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    readOverview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listPayments: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description The order's id or number in the CRM. */
                order?: string;
                /** @description The CRM's id of the invoice. */
                invoice?: string;
                status?: string;
                shop?: string;
                /** @description Payments with a dispute of this status: `inquiry`, `open`, `won` or `lost`. */
                dispute?: "inquiry" | "open" | "won" | "lost";
                /** @description Public id of the connection. */
                connection?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    readPayment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentDetails"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listReconciliations: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection?: string;
                state?: "running" | "done" | "failed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    beginReconciliation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["BeginReconciliationDto"];
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        begun: number;
                        items: components["schemas"]["ReconciliationView"][];
                    };
                };
            };
            /** @description When nothing of it is compared */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description For an unknown connection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description While it is being compared */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    search: {
        parameters: {
            query: {
                /** @description The id or number of an order, a track number, an id of ours, the CRM's or a provider's, an invoice, a phone, a host, the number of a request. */
                q: string;
                /** @description Only hits of this connection. */
                connection?: string;
                /** @description From 1. */
                page?: number;
                /** @description Hits of a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchHitViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    readSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SignInDto"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedSessionPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndedSessionsView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description When it has ended already */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listStock: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection?: string;
                /** @description Of the offer, in the CRM. */
                id?: number;
                xmlId?: string;
                externalId?: string;
                /** @description Code of the warehouse. */
                store?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    importStock: {
        parameters: {
            query: {
                /** @description Public id of the connection. */
                connection: string;
                /** @description Makes it once only: the same key again answers what was done, for other content 409. */
                key?: string;
                /** @description In mode `set`, whether the quantity is the whole stock (default) or only what is not reserved. */
                counts?: "onHand" | "available";
                /** @description Of purchase prices; missing: the account's. */
                currency?: string;
                comment?: string;
                /** @description `set` (default): quantities are the stock; `adjust`: quantities are changes, negative for outgoing. */
                mode?: "set" | "adjust";
                /** @description Checks the file and says what it would do. */
                dryRun?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
                "application/x-ndjson": string;
                "application/json": string;
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            /** @description The request is wrong; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"] | components["schemas"]["RefusedImport"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            /** @description For the key of another file */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listStockMovements: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection?: string;
                /** @description Of the offer, in the CRM. */
                id?: number;
                xmlId?: string;
                externalId?: string;
                /** @description Code of the warehouse. */
                store?: string;
                kind?: "set" | "adjust" | "reserve" | "release" | "ship";
                /** @description The order's id in the CRM. */
                order?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    moveStock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MovementDto"] & components["schemas"]["StockLineDto"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            /** @description For the key of another change */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listStockReservations: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection?: string;
                /** @description Of the offer, in the CRM. */
                id?: number;
                xmlId?: string;
                externalId?: string;
                /** @description Code of the warehouse. */
                store?: string;
                order?: string;
                /** @description `reserved` (default): what orders hold; `shipped`: what has left for them. */
                state?: "reserved" | "shipped";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReservationViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    shipStock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShipmentDto"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        shipped: number;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    uploadStock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionDto"];
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        offers: number;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readStory: {
        parameters: {
            query?: {
                /** @description Public id of the connection; needed for an order. */
                connection?: string;
            };
            header?: never;
            path: {
                /** @description The rest of the address. */
                kind: string;
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Story"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    readSystem: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemReport"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    declareRestored: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RestoreView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listTasks: {
        parameters: {
            query?: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                state?: "running" | "done" | "stopped" | "failed";
                /** @description Such as `failures.replay`. */
                kind?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    readTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    stopTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            /** @description For a task that has ended */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listTelephonyLines: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listTelephonyWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    listVisitors: {
        parameters: {
            query: {
                page?: number;
                limit?: number;
                /** @description `nextCursor` of the page before, instead of `page`. */
                cursor?: string;
                /** @description Public id of the connection. */
                connection: string;
                externalChatId?: string;
                externalUserId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VisitorViewPage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    eraseVisitor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ErasureDto"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        erased: number;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    testOperatorWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookTrial"];
                };
            };
            /** @description When no address is set */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    checkSettings: {
        parameters: {
            query?: {
                provider?: string;
                version?: string;
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckOutcome"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            /** @description As on saving */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    setUpService: {
        parameters: {
            query?: {
                provider?: string;
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ConnectDto"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            /** @description While it is being set up already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readDraft: {
        parameters: {
            query?: {
                provider?: string;
                form?: "settings" | "rules";
                brief?: boolean;
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            /** @description Where there is nothing to rule */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    keepDraft: {
        parameters: {
            query?: {
                provider?: string;
                form?: "settings" | "rules";
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    removeDraft: {
        parameters: {
            query?: {
                provider?: string;
                form?: "settings" | "rules";
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listFirstSteps: {
        parameters: {
            query?: {
                provider?: string;
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirstStepsView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listInstances: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceList"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    addInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstanceDto"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceList"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    renameInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstanceDto"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceList"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    removeInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceList"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    openInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
                /** @description Id of the thing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accountUrl: string;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    followAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            /** @description When the connection is followed ten times already */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    lookUp: {
        parameters: {
            query?: {
                provider?: string;
                term?: string;
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
                /** @description Name of what is asked for. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookupResult"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readAccountOverview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountOverview"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    listPresets: {
        parameters: {
            query?: {
                provider?: string;
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            title: components["schemas"]["LocalText"];
                            values: {
                                [key: string]: unknown;
                            };
                        }[];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    saveRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    previewRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesPreview"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    renewSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountSession"];
                };
            };
            400: components["responses"]["Error400"];
            /** @description Once it has ended, or the connection was removed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readSettings: {
        parameters: {
            query?: {
                provider?: string;
                brief?: boolean;
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    saveSettings: {
        parameters: {
            query?: {
                provider?: string;
                version?: string;
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            /** @description When the settings are not those of `version` any more */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readSettingsList: {
        parameters: {
            query?: {
                provider?: string;
                version?: string;
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
                /** @description The rest of the address. */
                list: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: unknown[];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            /** @description When the settings are not those of `version` any more, 404 for what is no list */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readTelephonyState: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["Error400"];
            /** @description Once the token has ended */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    readTrial: {
        parameters: {
            query?: {
                provider?: string;
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    startTrial: {
        parameters: {
            query?: {
                provider?: string;
            };
            header?: never;
            path: {
                /** @description Code of the module, such as `courier`. */
                module: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialView"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            /** @description Where nothing is offered */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
}
