package grown

// fillMail gives every second person an address for letters, and makes the letters of the last month:
// each of the newest notifications was sent in a letter of its own, some are still to be sent.
const fillMail = `
insert into mail_addresses (person_id, address, asked_at, confirmed_at)
select p.id, p.email, p.created_at, case when abs(hashtext(p.id::text)) % 8 > 0 then p.created_at end
from people p where p.same_as is null and abs(hashtext(p.id::text)) % 2 = 0;
create temp table mailed as
select gen_random_uuid() as mail, n.id as notification, n.created_at,
    (array(select person_id from mail_addresses))[(1 + n.id % (select count(*) from mail_addresses))::integer] as person
from notifications n where n.id > (select max(id) from notifications) - 100000;
insert into mails (id, person_id, kind, created_at, due_at, attempts, ended_at, outcome)
select m.mail, m.person, 'notification', m.created_at, m.created_at, 1,
    case when m.notification % 200 > 0 then m.created_at end, case when m.notification % 200 > 0 then 'sent' else '' end
from mailed m;
insert into mail_notifications (mail_id, notification_id) select mail, notification from mailed;
insert into mails (id, person_id, kind, day, created_at, due_at)
select gen_random_uuid(), a.person_id, 'digest', current_date, a.asked_at, now() from mail_addresses a where a.confirmed_at is not null;
insert into mails (id, person_id, kind, version, created_at, due_at, ended_at, outcome)
select gen_random_uuid(), a.person_id, 'confirmation', 1, a.asked_at, a.asked_at, a.asked_at, 'sent' from mail_addresses a;
insert into unmailed_notifications (notification_id) select n.id from notifications n where n.id > (select max(id) from notifications) - 2000;
drop table mailed;`
