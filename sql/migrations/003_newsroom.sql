-- The newsroom: staff, drafts and sessions. Forward only; one transaction.

select 1; -- its tables follow
